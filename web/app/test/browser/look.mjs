/**
 * Takes pictures of the screens for people to look at: `npm run look -w app -- [folder]`. Names say screen, width and theme.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { awaitReport, openBrowser, openPage } from './open.mjs';

const folder = process.argv[2] ?? 'look';
const only = process.argv[3];
mkdirSync(folder, { recursive: true });
const { browser, url, site, mock, close } = await openBrowser();

const SCREENS = {
  dashboard: { path: `/${site}`, ready: awaitReport, full: true },
  today: {
    path: `/${site}?period=today&compare=previous&f=is:source:Google&f=is_not:country:DE,FR&metric=visit_duration`,
    ready: awaitReport,
  },
  year: {
    path: `/${site}?period=91d&compare=off&metric=bounce_rate&pages=entry&devices=screen&places=language`,
    ready: (page) => page.waitForSelector('figure svg path'),
  },
  details: { path: `/${site}?details=page`, ready: (page) => page.waitForSelector('[role=table] [role=cell] button') },
  waiting: { path: '/new.example', ready: (page) => page.waitForSelector('pre') },
  settings: { path: `/${site}/settings`, ready: (page) => page.waitForSelector('pre'), full: true },
  refused: { path: `/${site}/refused`, ready: (page) => page.waitForSelector('tbody') },
  sites: { path: '/?add=true', ready: (page) => page.waitForSelector('form') },
  palette: {
    path: `/${site}`,
    ready: async (page) => {
      await awaitReport(page);
      await page.keyboard.press('Control+k');
      await page.waitForSelector('[role=menuitem]');
    },
  },
  shortcuts: {
    path: `/${site}`,
    ready: async (page) => {
      await awaitReport(page);
      await page.keyboard.press('?');
      await page.waitForSelector('kbd');
    },
  },
  period: {
    path: `/${site}`,
    ready: async (page) => {
      await awaitReport(page);
      await page.getByRole('button', { name: 'Last 28 days' }).click();
      await page.waitForSelector('[role=grid]');
    },
  },
  filter: {
    path: `/${site}`,
    ready: async (page) => {
      await awaitReport(page);
      await page.getByRole('button', { name: 'Filter', exact: true }).click();
      await page.waitForSelector('[role=option]');
    },
  },
  menu: {
    path: `/${site}`,
    ready: async (page) => {
      await awaitReport(page);
      await page.getByRole('button', { name: 'Menu' }).click();
      await page.waitForSelector('[role=menuitem]');
    },
  },
  cursor: {
    path: `/${site}`,
    ready: async (page) => {
      await awaitReport(page);
      await page.locator('[role=slider]').hover({ position: { x: 180, y: 100 } });
    },
  },
  full: {
    path: `/${site}`,
    before: () => {
      if (mock) mock.state.storage = 'full';
    },
    after: () => {
      if (mock) mock.state.storage = 'ok';
    },
    ready: (page) => page.waitForSelector('text=Storage is full'),
  },
};

const EVERYWHERE = new Set(['dashboard']);
for (const [name, screen] of Object.entries(SCREENS)) {
  if (only && !only.split(',').includes(name)) continue;
  for (const width of EVERYWHERE.has(name) ? [360, 1280, 1600] : [360, 1280]) {
    for (const scheme of ['light', 'dark']) {
      if (!EVERYWHERE.has(name) && width === 360 && scheme === 'dark') continue;
      const { page, complaints } = await openPage(browser, { width, height: width < 600 ? 780 : 900, scheme });
      screen.before?.();
      await page.goto(url + screen.path);
      await screen.ready(page).catch((error) => console.log(`${name} ${width} ${scheme}: ${error.message.split('\n')[0]}`));
      await page.waitForTimeout(350);
      await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: screen.full });
      screen.after?.();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (overflow > 0) console.log(`${name} ${width}: ${overflow} px too wide`);
      for (const complaint of new Set(complaints)) console.log(`${name} ${width} ${scheme}: ${complaint}`);
      await page.context().close();
    }
  }
}
await close();
