/**
 * Walks through the UI as a person would, keyboard included: `npm run walk -w app`, after a build. Each step is a sentence.
 * It runs on the stand-in server, because it adds sites, changes settings and lets the server fail.
 */
import assert from 'node:assert/strict';
import { awaitReport } from './open.mjs';
import { beginWalk } from './step.mjs';

const { step, url, site, mock, end } = await beginWalk();

const openDashboard = async (page, search = '') => {
  await page.goto(`${url}/${site}${search}`);
  await awaitReport(page);
};
const query = (page) => decodeURIComponent(new URL(page.url()).search);
const button = (page, name) => page.getByRole('button', { name, exact: true });
const awaitQuery = (page, part) => page.waitForFunction((text) => decodeURIComponent(location.search).includes(text), part);

await step('a click on a row narrows the report, the chip says so, and Back widens it again', async (page) => {
  await openDashboard(page);
  await button(page, '/pricing').click();
  await awaitQuery(page, 'f=is:page:/pricing');
  await page.getByRole('region', { name: 'Filters' }).getByText('Page is').waitFor();
  await page.goBack();
  await page.waitForFunction(() => !location.search.includes('f='));
});

await step('a filter is changed to its opposite in its editor', async (page) => {
  await openDashboard(page, '?f=is:source:Google');
  await page.getByRole('region', { name: 'Filters' }).getByRole('button', { name: 'Source is Google', exact: true }).click();
  await page.getByRole('button', { name: /How/ }).click();
  await page.getByRole('option', { name: 'is not' }).click();
  await button(page, 'Apply').click();
  await awaitQuery(page, 'f=is_not:source:Google');
});

await step('a filter is added with the keyboard alone', async (page) => {
  await openDashboard(page);
  await page.keyboard.press('f');
  await page.getByRole('textbox', { name: 'Search values' }).waitFor();
  await page.keyboard.type('pricing');
  await page.waitForFunction(() => document.querySelector('[role=option]')?.textContent.startsWith('/pricing'));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await awaitQuery(page, 'f=is:page:/pricing');
});

await step('the period, the comparison and the metric are in the URL', async (page) => {
  await openDashboard(page);
  await button(page, 'Last 28 days').click();
  await page.getByRole('radio', { name: 'Nothing' }).click({ force: true });
  await page.getByRole('option', { name: 'Last 7 days' }).click();
  await awaitQuery(page, 'period=7d');
  await page.getByRole('button', { name: /^Bounce rate/ }).click();
  await awaitQuery(page, 'metric=bounce_rate');
  assert.match(query(page), /compare=off/);
});

await step('a range of one’s own is typed', async (page) => {
  await openDashboard(page);
  await button(page, 'Last 28 days').click();
  await page
    .getByRole('spinbutton', { name: /day, First day/ })
    .first()
    .click();
  await page.keyboard.type('03112026');
  await button(page, 'Show these days').click();
  await awaitQuery(page, 'period=2026-11-03_');
});

await step('single keys change the period, and can be switched off', async (page) => {
  await openDashboard(page);
  await page.keyboard.press('w');
  await awaitQuery(page, 'period=7d');
  await page.keyboard.press('?');
  await page.getByText('Single-key shortcuts').click();
  await page.keyboard.press('Escape');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  await page.keyboard.press('d');
  await page.waitForTimeout(200);
  assert.match(query(page), /period=7d/);
});

await step('the palette reaches the settings, and Escape gives the focus back', async (page) => {
  await openDashboard(page);
  await button(page, '/pricing').focus();
  await page.keyboard.press('Control+k');
  await page.getByRole('menuitem').first().waitFor();
  await page.keyboard.press('Escape');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), '/pricing');
  await page.keyboard.press('Control+k');
  await page.getByRole('searchbox').waitFor();
  await page.keyboard.type('site sett');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Site settings' }).waitFor();
});

await step('details search, sort and turn their pages, and filter on a click', async (page) => {
  await openDashboard(page);
  await page.getByRole('button', { name: 'Details of Pages' }).click();
  await page.getByRole('button', { name: 'Next page' }).click();
  await awaitQuery(page, 'page=2');
  await page.getByRole('button', { name: 'Scroll' }).click();
  await awaitQuery(page, 'sort=scroll_depth:desc');
  await page.getByRole('textbox', { name: /Search/ }).fill('reference/12');
  await awaitQuery(page, 'q=reference/12');
  await page.getByRole('cell').getByRole('button').first().click();
  await awaitQuery(page, 'f=is:page:/docs/reference/');
  assert.doesNotMatch(query(page), /details|sort|q=/);
});

await step('the chart is walked with arrows and looked into with Enter', async (page) => {
  await openDashboard(page);
  await page.getByRole('slider').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  assert.match(await page.getByRole('slider').getAttribute('aria-valuetext'), /\d+ \w+: \d+, before \d+/);
  await page.keyboard.press('Enter');
  await awaitQuery(page, 'period=2026-');
});

await step('new visitors appear without a reload', async (page) => {
  await openDashboard(page, '?period=today');
  const read = () => page.getByRole('button', { name: /^Visitors/ }).textContent();
  const before = await read();
  await page.waitForFunction(
    (text) => ![...document.querySelectorAll('fieldset button')].some((each) => each.textContent === text),
    before,
    { timeout: 20_000 },
  );
});

await step('a chosen theme is there before the first paint', async (page) => {
  await openDashboard(page);
  await button(page, 'Menu').click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await page.reload({ waitUntil: 'commit' });
  await page.waitForSelector('body');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
});

await step('settings are kept as they are made and show in the snippet', async (page) => {
  await page.goto(`${url}/docs.northwind.example/settings`);
  await page.getByText('Always recognise').click();
  await page.getByText('Honour GPC and DNT').click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.reload();
  assert.match(await page.locator('pre').textContent(), /data-identity="always" data-signals="ignore"/);
});

await step('a site is added, waits, names refusals, and opens when its first event comes', async (page) => {
  await page.goto(`${url}/?add=true`);
  await page.getByRole('textbox', { name: 'Domain' }).fill('walk.example');
  await button(page, 'Add the site').click();
  await page.getByText('Waiting for the first event').waitFor();
  await page.getByText('Visitor opted out').waitFor();
  mock.arrive('walk.example');
  await page.getByText('The first event has arrived').waitFor();
  await button(page, 'Open the dashboard').click();
  await page.getByRole('slider').waitFor();
});

await step(
  'when the server fails the last numbers stay and one button asks again',
  async (page) => {
    await openDashboard(page);
    mock.state.failing = true;
    await page.getByRole('alert').waitFor({ timeout: 20_000 });
    await page.getByText('Showing the numbers of').waitFor();
    assert.ok(await button(page, '/pricing').isVisible());
    mock.state.failing = false;
    await button(page, 'Try again').click();
    await page.getByText('Updated').waitFor();
  },
  { expects: /503/ },
);

await step('what strangers send is text and nothing else', async (page) => {
  await openDashboard(page);
  await page.getByText('<img src=x onerror=alert(1)>').waitFor();
  assert.equal(await page.locator('img').count(), 0);
});

await end();
