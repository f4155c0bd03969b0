/** Every screen and overlay of the UI: its address, and how to know that it is there. */

const open = (act, sign) => async (page, awaitReport) => {
  await awaitReport(page);
  await act(page);
  await page.waitForSelector(sign);
};
const press = (keys, sign) => open((page) => page.keyboard.press(keys), sign);
const click = (name, sign) => open((page) => page.getByRole('button', { name, exact: true }).click(), sign);
const shown = (sign) => (page) => page.waitForSelector(sign);
const dashboard = (site) => `/${site}`;

export const SCREENS = {
  dashboard: { path: dashboard, ready: (page, awaitReport) => awaitReport(page), full: true },
  today: {
    path: (site) => `/${site}?period=today&f=is:source:Google&f=is_not:country:DE,FR&metric=visit_duration`,
    ready: (page, awaitReport) => awaitReport(page),
  },
  quarter: {
    path: (site) => `/${site}?period=91d&compare=off&metric=bounce_rate&pages=entry&devices=screen&places=language`,
    ready: shown('figure svg path.stroke-accent'),
  },
  details: { path: (site) => `/${site}?details=page`, ready: shown('[role=table] [role=cell] button') },
  period: { path: dashboard, ready: click('Last 28 days', '[role=grid]') },
  filter: { path: dashboard, ready: click('Filter', '[role=option]') },
  palette: { path: dashboard, ready: press('Control+k', '[role=menuitem]') },
  shortcuts: { path: dashboard, ready: press('?', 'kbd') },
  menu: { path: dashboard, ready: click('Menu', '[role=menuitem]') },
  cursor: {
    path: dashboard,
    ready: open((page) => page.locator('[role=slider]').hover({ position: { x: 180, y: 100 } }), 'figure dl'),
  },
  settings: { path: (site) => `/${site}/settings`, ready: shown('pre'), full: true },
  refused: { path: (site) => `/${site}/refused`, ready: shown('tbody'), full: true },
  sites: { path: () => '/?add=true', ready: shown('form') },
  switcher: {
    path: dashboard,
    ready: open((page) => page.locator('header button[aria-haspopup=menu]').first().click(), '[role=menuitem]'),
  },
  missing: { path: () => '/missing.example', ready: shown('h1') },
  waiting: { path: () => '/new.example', ready: shown('pre'), before: () => undefined },
  full: {
    path: dashboard,
    before: (mock) => Object.assign(mock.state, { storage: 'full' }),
    after: (mock) => Object.assign(mock.state, { storage: 'ok' }),
    ready: shown('text=Storage is full'),
  },
  failed: {
    path: dashboard,
    before: (mock) => Object.assign(mock.state, { failing: true }),
    after: (mock) => Object.assign(mock.state, { failing: false }),
    ready: shown('role=alert'),
    expects: /503/,
  },
};
