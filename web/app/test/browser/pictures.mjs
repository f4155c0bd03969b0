/** Takes the pictures of README and docs/design.md anew: `npm run pictures -w app`, with CANDOR_URL and CANDOR_SITE of a demo. */
import { awaitReport, openBrowser, openPage } from './open.mjs';
import { SPECIMEN } from './specimen.mjs';

const FOLDER = new URL('../../../../docs/images/', import.meta.url).pathname;
const PICTURES = [
  { name: 'dashboard', width: 1360, height: 1040, scheme: 'light' },
  { name: 'dashboard-dark', width: 1360, height: 1040, scheme: 'dark' },
  { name: 'narrow', width: 390, height: 844, scheme: 'light' },
  { name: 'details', width: 1360, height: 860, scheme: 'light', search: '?details=page' },
  { name: 'settings', width: 1360, height: 860, scheme: 'dark', path: '/settings' },
];

const { browser, url, site, close } = await openBrowser();
for (const { name, path = '', search = '', ...look } of PICTURES) {
  const { page } = await openPage(browser, { ...look, deviceScaleFactor: 1.5 });
  await page.goto(`${url}/${site}${path}${search}`);
  if (path) await page.waitForSelector('pre');
  else await awaitReport(page);
  if (search) await page.waitForSelector('[role=table] [role=cell] button');
  await page.waitForTimeout(700);
  await page.screenshot({ path: `${FOLDER}${name}.png` });
  await page.context().close();
}
for (const scheme of ['light', 'dark']) {
  const { page } = await openPage(browser, { width: 760, height: 900, deviceScaleFactor: 1.5, scheme });
  await page.goto(`${url}/${site}/settings`);
  await page.waitForSelector('pre');
  await page.evaluate((markup) => {
    document.body.innerHTML = markup;
  }, SPECIMEN);
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${FOLDER}language-${scheme}.png`, fullPage: true });
}
await close();
