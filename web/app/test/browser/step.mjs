/** A walk is a row of steps, each a sentence on a page of its own whose console must stay silent. */
import assert from 'node:assert/strict';
import { openBrowser, openPage } from './open.mjs';

export async function beginWalk() {
  const { browser, url, site, mock, close } = await openBrowser({ perDay: 60 });
  const names = process.argv[2];
  const calm = { ...mock.world.state };
  let failed = 0;

  async function step(sentence, act, { expects, people = {}, ...options } = {}) {
    if (names && !names.split(',').some((name) => sentence.includes(name))) return;
    Object.assign(mock.world.state, calm, people);
    const { page, complaints } = await openPage(browser, options);
    try {
      await act(page);
      const unexpected = complaints.filter((complaint) => !expects?.test(complaint));
      assert.deepEqual(unexpected, [], 'the console stays silent');
      console.log(`  ok  ${sentence}`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL  ${sentence}\n      ${error.message.split('\n').slice(0, 6).join('\n      ')}`);
      await page.screenshot({ path: `/tmp/walk-${failed}.png` }).catch(() => undefined);
    }
    await page.context().close();
  }

  async function end() {
    await close();
    process.exit(failed === 0 ? 0 : 1);
  }
  return { step, url, site, mock, end };
}
