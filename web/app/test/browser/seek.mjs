/**
 * How long the player takes from the address to the first frame of a recording of an hour, and from a key to the moment it asks for,
 * anywhere in it. `npm run seek -w app`, after a build. Prints; judges nothing.
 */
import { createRandom } from '../mock/history.mjs';
import { openBrowser, openPage } from './open.mjs';

const SEEKS = 60;
const LONG = '0000000000000004';
const { browser, url, site, close } = await openBrowser({ perDay: 1, live: false });
const random = createRandom(5);
const percentile = (times, share) => [...times].sort((a, b) => a - b)[Math.ceil(times.length * share) - 1];
const print = (what, times) =>
  console.log(
    `${what}: median ${percentile(times, 0.5).toFixed(0)} ms, p95 ${percentile(times, 0.95).toFixed(0)} ms of ${times.length}`,
  );

const opened = [];
for (let each = 0; each < 5; each += 1) {
  const { page } = await openPage(browser);
  const begun = performance.now();
  await page.goto(`${url}/${site}/recordings/${LONG}?t=1800`);
  await page.waitForSelector('[data-scene=shown]');
  opened.push(performance.now() - begun);
  if (each < 4) await page.context().close();
  else {
    await page.waitForFunction(() => !document.body.textContent.includes('parts are read'));
    // From setting the slider until the player says that the moment is to be seen.
    const times = [];
    for (let seek = 0; seek < SEEKS; seek += 1) times.push(await page.evaluate(seekTo, random()));
    print('seek', times);
  }
}
print('address to first frame', opened);
await close();

function seekTo(share) {
  const slider = document.querySelector('input[type=range]');
  const screen = document.querySelector('[data-scene]');
  const put = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  return new Promise((done) => {
    const begun = performance.now();
    const turn = screen.dataset.turn;
    const watch = new MutationObserver(() => {
      if (screen.dataset.turn === turn || screen.dataset.scene !== 'shown') return;
      watch.disconnect();
      // Until it is painted.
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
    });
    watch.observe(screen, { attributes: true });
    put.call(slider, String(Math.round(share * Number(slider.max))));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
