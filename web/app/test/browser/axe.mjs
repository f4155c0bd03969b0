/**
 * Every screen and overlay in both themes and at two widths must pass axe, keep to the policy, fit its width and log nothing.
 * `npm run axe -w app`, after a build. Exits 1 on anything found.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { awaitReport, openBrowser, openPage } from './open.mjs';
import { SCREENS } from './screens.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const { browser, url, site, mock, close } = await openBrowser({ perDay: 40, live: false });
let found = 0;
let looked = 0;

function report(where, what) {
  found += 1;
  console.log(`${where}: ${what}`);
}

async function check(name, screen, { width, scheme }) {
  const { page, complaints } = await openPage(browser, { width, height: 900, scheme, reducedMotion: 'reduce' });
  screen.before?.(mock);
  try {
    await look(`${name} ${width} ${scheme}`, screen, page, complaints);
  } finally {
    screen.after?.(mock);
    await page.context().close();
  }
}

async function look(where, screen, page, complaints) {
  await page.goto(url + screen.path(site));
  await screen.ready(page, awaitReport);
  await page.waitForTimeout(100);
  // Through the debugger, so that the page's policy stays in force.
  await page.evaluate(`${axe};undefined`);
  const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), TAGS);
  for (const violation of violations) {
    report(
      where,
      `${violation.id} (${violation.impact}): ${violation.help}\n    ${violation.nodes
        .map((node) => node.html.slice(0, 160))
        .slice(0, 3)
        .join('\n    ')}`,
    );
  }
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (overflow > 0) report(where, `${overflow} px too wide`);
  for (const complaint of new Set(complaints)) if (!screen.expects?.test(complaint)) report(where, complaint);
}

const names = process.argv[2]?.split(',');
for (const [name, screen] of Object.entries(SCREENS)) {
  if ((screen.before && !mock) || (names && !names.includes(name))) continue;
  looked += 1;
  for (const scheme of ['light', 'dark']) {
    for (const width of [360, 1600])
      await check(name, screen, { width, scheme }).catch((error) => report(`${name} ${width} ${scheme}`, error.message));
  }
}
await close();
console.log(found === 0 ? `axe found nothing on ${looked} screens in both themes` : `${found} findings`);
process.exit(found === 0 ? 0 : 1);
