/** Takes pictures of the screens for people to look at: `npm run look -w app -- [folder] [names]`. Names say screen, width and theme. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { awaitReport, openBrowser, openPage } from './open.mjs';
import { SCREENS } from './screens.mjs';

const [folder = 'look', names] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const { browser, url, site, mock, close } = await openBrowser();

async function take(name, screen, width, scheme) {
  const { page } = await openPage(browser, { width, height: width < 600 ? 780 : 900, scheme });
  screen.before?.(mock);
  await page.goto(url + screen.path(site));
  await screen
    .ready(page, awaitReport)
    .catch((error) => console.log(`${name} ${width} ${scheme}: ${error.message.split('\n')[0]}`));
  await page.waitForTimeout(350);
  await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: screen.full });
  screen.after?.(mock);
  await page.context().close();
}

for (const [name, screen] of Object.entries(SCREENS)) {
  if ((names && !names.split(',').includes(name)) || (screen.before && !mock)) continue;
  for (const width of /^(dashboard|heatmaps)/.test(name) ? [360, 1280, 1600] : [360, 1280]) {
    for (const scheme of ['light', 'dark']) await take(name, screen, width, scheme);
  }
}
await close();
