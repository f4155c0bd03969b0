/** Every screen and overlay of the UI: its address, and how to know that it is there. */
import { numberOf } from '../mock/heatmap.mjs';
import { CODE, PASSWORD } from '../mock/people.mjs';

const open = (act, sign, ready) => async (page, awaitReport) => {
  await (ready ?? awaitReport)(page);
  await act(page);
  await page.waitForSelector(sign);
};
const press = (keys, sign) => open((page) => page.keyboard.press(keys), sign);
const click = (name, sign) => open((page) => page.getByRole('button', { name, exact: true }).click(), sign);
const shown = (sign) => (page) => page.waitForSelector(sign);
const dashboard = (site) => `/${site}`;
/** A screen that wants the stand-in's people to be in some state; afterwards they are as before. */
const world = (change, screen) => {
  let before;
  return {
    ...screen,
    before: (mock) => {
      before = { ...mock.world.state };
      Object.assign(mock.world.state, change);
    },
    after: (mock) => Object.assign(mock.world.state, before),
  };
};
const outside = { signedIn: false };
/** A 401 says that nobody is signed in, which the browser writes into the console. */
const entry = (change, path, ready, more) =>
  world({ ...outside, ...change }, { path: () => path, ready, expects: /401|404|422/, full: true, ...more });
const typing = (fields, name) => async (page) => {
  for (const [label, text] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(text);
  await page.getByRole('button', { name, exact: true }).click();
};
const settings = (part, ready) => ({ path: () => `/settings/${part}`, ready, full: true, before: () => undefined });
const opened =
  (name, sign = 'h2') =>
  async (page) => {
    await page.getByRole('button', { name, exact: true }).click();
    await page.waitForSelector(`[role=dialog] ${sign}`);
  };
const outOf = (mock) => Object.assign(mock.operators, { signedIn: false, first: false });
const operator = (inside) => async (page) => {
  await page.getByLabel('Operator', { exact: true }).fill('olga');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page
    .getByLabel('Signature', { exact: true })
    .fill('-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----');
  if (!inside) return;
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByLabel('Code from your authenticator app').fill(CODE);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForSelector('ul[aria-label=Operators] li');
  await page.waitForSelector('ul[aria-label=Organizations] li');
};
const TOKEN = 'goodgoodgoodgoodgoodgoodgoodgoodgoodgoodgood';

/** The player at rest at a moment, with all of the recording read. */
const playerReady = async (page) => {
  await page.waitForSelector('[data-scene=shown]');
  await page.waitForFunction(() => !document.body.textContent.includes('parts are read'));
};
/** A screen over a stand-in in some mood. */
const mood = (change, screen) => ({
  ...screen,
  before: (mock) => Object.assign(mock.state, change),
  after: (mock) => Object.assign(mock.state, { replay: true, recordingsFail: undefined }),
});
/** Whose recordings the first of the stand-in's are. */
const VISITOR = '7b1c5f0e-8f4f-4d0e-9a53-000000000003';
const recordings = (site) => `/${site}/recordings`;

const heatmaps =
  (search = '') =>
  (site) =>
    `/${site}/heatmaps${search}`;
const drawn = (page) => page.waitForSelector('[data-scene=stands][data-drawn]');
const bothDrawn = (page) => page.waitForFunction(() => document.querySelectorAll('[data-scene=stands][data-drawn]').length === 2);
const spotted = async (page) => {
  await drawn(page);
  await page.waitForSelector('section[aria-label^="Recordings in which"] li');
};

export const SCREENS = {
  recordings: mood({}, { path: recordings, ready: shown('ul[aria-label^=Recordings] li'), full: true }),
  'recordings-filtered': mood(
    {},
    { path: (site) => `/${site}/recordings?f=is:country:XX`, ready: shown('h2:has-text("fits the filters")'), full: true },
  ),
  'recordings-visitor': mood(
    {},
    {
      path: (site) => `/${site}/recordings?period=all&visitor=${VISITOR}`,
      ready: shown('p:has-text("Of one visitor")'),
      full: true,
    },
  ),
  'recordings-off': mood(
    {},
    { path: () => '/new.example/recordings', ready: shown('h2:has-text("records nothing")'), full: true },
  ),
  'recordings-refused': mood(
    { recordingsFail: 403 },
    { path: recordings, ready: shown('h2:has-text("may not see")'), full: true, expects: /403/ },
  ),
  'recordings-failing': mood(
    { recordingsFail: 503 },
    { path: recordings, ready: shown('[role=alert]'), full: true, expects: /503/ },
  ),
  player: mood({}, { path: (site) => `/${site}/recordings/0000000000000000?t=60`, ready: playerReady, full: true }),
  'player-long': mood({}, { path: (site) => `/${site}/recordings/0000000000000004?t=1900`, ready: playerReady, full: true }),
  'player-gone': mood(
    {},
    { path: (site) => `/${site}/recordings/nothing`, ready: shown('h1:has-text("no such recording")'), expects: /404/ },
  ),
  'player-nowhere': mood(
    { replay: false },
    { path: (site) => `/${site}/recordings/0000000000000000`, ready: shown('h1:has-text("nowhere")') },
  ),
  heatmaps: mood({}, { path: heatmaps(), ready: drawn, full: true }),
  'heatmaps-spot': mood(
    {},
    { path: heatmaps(`?spot=${numberOf('body:1>main:1>div:1>div:2>img:1')}`), ready: spotted, full: true },
  ),
  'heatmaps-phone': mood({}, { path: heatmaps('?screen=phone&layer=moves'), ready: drawn, full: true }),
  'heatmaps-scroll': mood({}, { path: heatmaps('?layer=scroll'), ready: drawn, full: true }),
  'heatmaps-attention': mood({}, { path: heatmaps('?layer=attention'), ready: drawn, full: true }),
  'heatmaps-beside': mood(
    {},
    { path: heatmaps('?path=/&beside=true&path2=/kitchen&screen2=phone&f2=is:country:DE'), ready: bothDrawn, full: true },
  ),
  'heatmaps-pages': mood(
    {},
    { path: heatmaps(), ready: open((page) => page.getByRole('button', { name: 'Page: /' }).click(), '[role=option]', drawn) },
  ),
  'heatmaps-old': mood({}, { path: heatmaps('?path=/old'), ready: shown('h2:has-text("do not tell where")'), full: true }),
  'heatmaps-elsewhere': mood({}, { path: heatmaps('?path=/blog/*'), ready: shown('h2:has-text("on a desktop")'), full: true }),
  'heatmaps-filtered': mood(
    {},
    { path: heatmaps('?f=is:country:XX'), ready: shown('h2:has-text("fits the filters")'), full: true },
  ),
  'heatmaps-off': mood({}, { path: () => '/new.example/heatmaps', ready: shown('h2:has-text("records nothing")'), full: true }),
  'heatmaps-refused': mood(
    { recordingsFail: 403 },
    { path: heatmaps(), ready: shown('h2:has-text("may not see")'), full: true, expects: /403/ },
  ),
  'heatmaps-failing': mood(
    { recordingsFail: 503 },
    { path: heatmaps(), ready: shown('[role=alert]'), full: true, expects: /503/ },
  ),
  'heatmaps-nowhere': mood({ replay: false }, { path: heatmaps(), ready: shown('text=nowhere to show the page'), full: true }),
  dashboard: { path: dashboard, ready: (page, awaitReport) => awaitReport(page), full: true },
  today: {
    path: (site) => `/${site}?period=today&f=is:source:Google&f=is_not:country:DE,FR&metric=visit_duration`,
    // In the small hours of the day nobody may have come yet.
    ready: shown('section[aria-label=Pages] tbody tr'),
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
  waiting: { path: () => '/new.example', ready: shown('section[aria-label="First steps"]'), before: () => undefined, full: true },
  'settings-closed': world(
    { role: 'site_viewer' },
    { path: (site) => `/${site}/settings`, ready: shown('text=Your role lets you'), full: true },
  ),
  'settings-remove': { path: (site) => `/${site}/settings`, ready: opened('Remove …', 'input'), before: () => undefined },
  full: {
    path: dashboard,
    before: (mock) => Object.assign(mock.state, { storage: 'full' }),
    after: (mock) => Object.assign(mock.state, { storage: 'ok' }),
    ready: shown('text=Storage is full'),
  },
  'sign-in': entry({}, '/sign-in', shown('input[type=password]')),
  'sign-in-wrong': entry({ factors: [] }, '/sign-in', async (page) => {
    await typing({ 'E-mail': 'ada@northwind.example', Password: 'wrong' }, 'Sign in')(page);
    await page.waitForSelector('[role=alert]');
  }),
  'second-factor': entry({}, '/sign-in', async (page) => {
    await typing({ 'E-mail': 'ada@northwind.example', Password: PASSWORD }, 'Sign in')(page);
    await page.waitForSelector('input[name=totp]');
  }),
  unready: entry({ needed: true }, '/', shown('text=no owner yet')),
  setup: entry({ needed: true }, `/setup#${TOKEN}`, shown('input[name=organization]')),
  'setup-codes': entry({ needed: true }, `/setup#${TOKEN}`, async (page) => {
    const fields = { 'E-mail': 'ada@northwind.example', 'Your name': 'Ada', Organization: 'Northwind', Password: PASSWORD };
    await typing(fields, 'Create the owner')(page);
    await page.waitForSelector('text=Keep your recovery codes');
  }),
  reset: entry({}, '/reset', shown('input[type=email]')),
  'reset-choose': entry({}, `/reset#${TOKEN}`, async (page) => {
    await typing({ 'New password': 'short' }, 'Change the password')(page);
    await page.waitForSelector('[role=alert]');
  }),
  invitation: entry({}, `/invitation#${TOKEN}`, shown('input[type=password]')),
  'invitation-known': world({}, { path: () => `/invitation#${TOKEN}`, ready: shown('text=Join as') }),
  'invitation-bad': entry({}, '/invitation#badbadbadbadbadbadbadbadbadbadbad', shown('text=cannot be used')),
  account: world(
    { several: true, grants: false },
    { path: dashboard, ready: click('AQ, account of Ada Quist', '[role=menuitem]') },
  ),
  people: settings('people', shown('ul[aria-label=Invitations]')),
  'people-invite': settings('people', opened('Invite somebody')),
  'people-change': settings('people', opened('Change chiara@agency-with-a-rather-long-name.example')),
  keys: settings('keys', shown('main li')),
  'keys-new': settings('keys', opened('Make a key')),
  organization: settings('organization', shown('text=no second factor')),
  audit: settings('audit', shown('main ol li')),
  support: settings('support', shown('main dl')),
  'support-active': world({ active: true }, { path: () => '/settings/support', ready: shown('main dl'), full: true }),
  security: settings('security', shown('ul[aria-label="Signed-in devices"] li')),
  'security-totp': settings('security', opened('Set up', 'svg[role=img]')),
  'security-password': settings('security', opened('Change password')),
  'security-codes': settings('security', opened('Make new ones')),
  confirm: world(
    { confirmed: false },
    { path: () => '/settings/security', ready: opened('Set up', 'input[type=password]'), expects: /403/ },
  ),
  'signed-out': world(
    {},
    {
      path: () => '/settings/security',
      ready: async (page) => {
        await page.getByRole('button', { name: 'Sign in on another device' }).waitFor();
        await page.request.post(new URL('/mock/world', page.url()).href, { data: { signedIn: false } });
        await page.getByRole('button', { name: 'Sign in on another device' }).click();
        await page.waitForSelector('[role=dialog] input[type=password]');
      },
      expects: /401/,
    },
  ),
  'not-allowed': world({ role: 'site_viewer' }, { path: () => '/settings/people', ready: shown('text=Your role') }),
  'operators-sign-in': { path: () => '/operators', ready: operator(false), before: outOf, expects: /401/, full: true },
  operators: { path: () => '/operators', ready: operator(true), before: outOf, expects: /401/, full: true },
  'operators-ask': {
    path: () => '/operators',
    ready: async (page) => {
      await operator(true)(page);
      await opened('Ask to see data of Northwind Trading')(page);
    },
    before: outOf,
    expects: /401/,
  },
  'operators-first': {
    path: () => '/operators',
    ready: async (page) => {
      await operator(false)(page);
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.waitForSelector('svg[role=img]');
    },
    before: (mock) => Object.assign(mock.operators, { signedIn: false, first: true }),
    expects: /401/,
    full: true,
  },
  'operators-view': {
    path: () => '/operators',
    ready: async (page) => {
      await operator(true)(page);
      await opened('Look by T-1100')(page);
      await page.getByLabel('By', { exact: true }).selectOption('Page');
      await page.getByRole('button', { name: 'Show' }).click();
      await page.waitForSelector('[role=dialog] table');
    },
    before: outOf,
    expects: /401/,
  },
  lacking: world({ weak: true }, { path: () => '/settings/people', ready: shown('text=requires a second factor') }),
  failed: {
    path: dashboard,
    before: (mock) => Object.assign(mock.state, { failing: true }),
    after: (mock) => Object.assign(mock.state, { failing: false }),
    ready: shown('role=alert'),
    expects: /503/,
  },
};
