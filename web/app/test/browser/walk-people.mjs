/**
 * Walks through everything about people: ways in, confirmations, invitations, keys, second factors, grants, the log.
 * Passkeys are made by Chromium's virtual authenticator. Runs on the stand-in server after `walk.mjs`, after a build.
 */
import assert from 'node:assert/strict';
import { CODE, PASSWORD } from '../mock/people.mjs';
import { beginWalk } from './step.mjs';

const { step, url, site, mock, end } = await beginWalk();
const EMAIL = 'ada@northwind.example';
const TOKEN = 'goodgoodgoodgoodgoodgoodgoodgoodgoodgoodgood';
const outside = { signedIn: false };
const state = mock.world.state;

const button = (page, name) => page.getByRole('button', { name, exact: true });
const field = (page, name) => page.getByLabel(name, { exact: true });
const dialog = (page, title) => page.getByRole('dialog', { name: title });
const heading = (page, name) => page.getByRole('heading', { name }).waitFor();
const addressIs = (page, path) =>
  page.waitForFunction((wanted) => location.pathname + location.search + location.hash === wanted, path);

async function typeSignIn(page, password = PASSWORD) {
  await field(page, 'E-mail').fill(EMAIL);
  await field(page, 'Password').fill(password);
  await button(page, 'Sign in').click();
}

async function addAuthenticator(page) {
  const debuggerOf = await page.context().newCDPSession(page);
  await debuggerOf.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  await debuggerOf.send('WebAuthn.addVirtualAuthenticator', { options });
}

await step(
  'who is not signed in signs in with two factors and arrives where they wanted to go',
  async (page) => {
    await page.goto(`${url}/${site}?period=7d`);
    await typeSignIn(page, 'wrong');
    await page.getByRole('alert').waitFor();
    assert.equal(await field(page, 'Password').inputValue(), '', 'a wrong password is not kept');
    await field(page, 'Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await heading(page, 'One more proof');
    assert.equal(await page.evaluate(() => document.activeElement.autocomplete), 'one-time-code');
    await page.keyboard.insertText(CODE);
    await addressIs(page, `/${site}?period=7d`);
  },
  { people: outside, expects: /401/ },
);

await step(
  'an address elsewhere is nowhere to go back to',
  async (page) => {
    await page.goto(`${url}/sign-in?to=//evil.example/`);
    await typeSignIn(page);
    await page.waitForFunction(() => !location.pathname.startsWith('/sign-in'));
    assert.equal(new URL(page.url()).origin, url);
  },
  { people: { ...outside, factors: [] }, expects: /401/ },
);

await step(
  'after too many attempts the form says how long to wait, and lets go again',
  async (page) => {
    await page.goto(`${url}/sign-in`);
    await typeSignIn(page, 'wrong');
    await page.getByText(/You can try again in \d s/).waitFor();
    assert.ok(await button(page, 'Sign in').isDisabled());
    await page.waitForFunction(() => !document.body.textContent.includes('You can try again'));
    assert.ok(await button(page, 'Sign in').isEnabled());
  },
  { people: { ...outside, wrong: 3 }, expects: /401|429/ },
);

await step(
  'a one-time address signs in and leaves no trace in the address bar or the history',
  async (page) => {
    await page.goto(`${url}/sign-in#one-time=${TOKEN}`);
    await addressIs(page, `/${site}`);
    await page.goBack().catch(() => undefined);
    assert.doesNotMatch(page.url(), /one-time/);
  },
  { people: outside, expects: /401/ },
);

await step(
  'a new server gets its owner, who keeps the recovery codes before anything else',
  async (page) => {
    await page.goto(`${url}/setup#${TOKEN}`);
    await addressIs(page, '/setup');
    await field(page, 'E-mail').fill('grace@example.com');
    await field(page, 'Organization').fill('Example');
    await field(page, 'Password').fill('northwind is mine');
    await button(page, 'Create the owner').click();
    await page.getByText('holds a word that is known of you').waitFor();
    await field(page, 'Password').fill(PASSWORD);
    await button(page, 'Create the owner').click();
    await heading(page, 'Keep your recovery codes');
    assert.equal(await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').count(), 10);
    assert.ok(await button(page, 'Add the first site').isDisabled());
    await page.getByText('I have kept them').click();
    await button(page, 'Add the first site').click();
    await addressIs(page, `/${site}`);
  },
  { people: { ...outside, needed: true }, expects: /401|422/ },
);

await step(
  'a forgotten password is replaced by a link, whose secret leaves the address',
  async (page) => {
    await page.goto(`${url}/sign-in`);
    await page.getByRole('link', { name: 'Forgot the password?' }).click();
    await field(page, 'E-mail').fill(EMAIL);
    await button(page, 'Send the link').click();
    await heading(page, 'Look into your mail');
    await page.goto(`${url}/reset#${TOKEN}`);
    await addressIs(page, '/reset');
    await field(page, 'New password').fill('short');
    await page.getByText('3 more characters.').waitFor();
    await field(page, 'New password').fill(PASSWORD);
    await button(page, 'Change the password').click();
    await heading(page, 'The password is changed');
  },
  { people: outside, expects: /401/ },
);

await step(
  'an invitation makes an account with a passkey',
  async (page) => {
    await addAuthenticator(page);
    await page.goto(`${url}/invitation#${TOKEN}`);
    await heading(page, 'Join Northwind Trading');
    await page.getByText('a viewer of docs.northwind.example').waitFor();
    await button(page, 'Use a passkey instead of a password').click();
    await addressIs(page, `/${site}`);
  },
  { people: outside, expects: /401/ },
);

await step(
  'a passkey is added, signs in on its own, and is removed',
  async (page) => {
    await addAuthenticator(page);
    await page.goto(`${url}/settings/security`);
    await button(page, 'Add a passkey').click();
    await dialog(page, 'Add a passkey').getByLabel('Name', { exact: true }).fill('Test key');
    await button(page, 'Make it').click();
    await page.getByText('The passkey is added.').waitFor();
    await page.getByRole('button', { name: /account of Ada/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/sign-in/);
    // The browser may offer it by itself, before anything is pressed.
    await button(page, 'Sign in with a passkey')
      .click({ timeout: 3000 })
      .catch(() => undefined);
    await page.waitForFunction(() => !location.pathname.startsWith('/sign-in'));
    await page.goto(`${url}/settings/security`);
    await button(page, 'Remove Test key').click();
    await button(page, 'Remove').last().click();
    await page.getByText('The passkey is removed.').waitFor();
  },
  { expects: /401/ },
);

await step(
  'what needs a confirmation asks for it and then goes through by itself',
  async (page) => {
    await page.goto(`${url}/settings/security`);
    await button(page, 'Set up').click();
    await dialog(page, 'Confirm that it is you').getByLabel('Password', { exact: true }).fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('That is not right.').waitFor();
    await dialog(page, 'Confirm that it is you').getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
    await field(page, 'Code that the app shows').fill('000000');
    await button(page, 'Turn on').click();
    await page.getByText('is the clock of the phone right').waitFor();
    await field(page, 'Code that the app shows').fill(CODE);
    await button(page, 'Turn on').click();
    await dialog(page, 'Your recovery codes').getByText('I have kept them').click();
    await button(page, 'Done').click();
    await button(page, 'Turn off').waitFor();
    assert.equal(await page.evaluate(() => document.querySelectorAll('[role=dialog]').length), 0);
    mock.world.security.totp = false;
  },
  { people: { confirmed: false }, expects: /401|403|422/ },
);

await step(
  'a sign-in that ends while something is typed loses none of it',
  async (page) => {
    await page.goto(`${url}/settings/people`);
    await button(page, 'Invite somebody').click();
    await field(page, 'E-mail').fill('frida@northwind.example');
    state.signedIn = false;
    await button(page, 'Make the invitation').click();
    await heading(page, 'Sign in to go on');
    const covered = await page.evaluate(
      () => document.querySelector('#root').inert && !document.elementFromPoint(20, 400).closest('#root'),
    );
    assert.ok(covered, 'what was shown is covered, and silent');
    await field(page, 'Password').last().fill(PASSWORD);
    await button(page, 'Sign in').click();
    await heading(page, 'frida@northwind.example is invited');
    assert.match(await page.locator('[role=dialog] pre').textContent(), /\/invitation#[\w-]{43}$/);
  },
  { people: { factors: [] }, expects: /401/ },
);

await step('a role is changed with the keyboard alone, and the focus comes back', async (page) => {
  await page.goto(`${url}/settings/people`);
  await button(page, 'Change Ben Okafor').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: /^Admin/ }).focus();
  await page.keyboard.press('ArrowDown');
  await button(page, 'Save').focus();
  await page.keyboard.press('Enter');
  await page.getByText('Saved.').waitFor();
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Change Ben Okafor');
});

await step('a person is removed after one question, and taking an invitation back says so', async (page) => {
  await page.goto(`${url}/settings/people`);
  await button(page, 'Change Dmitri <b>').click();
  await button(page, 'Remove from the organization').click();
  await dialog(page, 'Remove from the organization?').getByRole('button', { name: 'Remove from the organization' }).click();
  await page.getByText('Removed.').waitFor();
  await page.getByText('dmitri@northwind.example').waitFor({ state: 'detached' });
  await button(page, 'Take back the invitation of eva@northwind.example').click();
  await page.getByText('The invitation is taken back.').waitFor();
});

await step('a key is made, shown once, and revoked', async (page) => {
  await page.goto(`${url}/settings/keys`);
  await button(page, 'Make a key').click();
  await field(page, 'Name').fill('walking');
  await page.getByText('Send events from a server.').click();
  await button(page, 'Make the key').click();
  assert.match(await page.locator('[role=dialog] pre').textContent(), /^[\w-]{43}$/);
  await button(page, 'I have kept it').click();
  await page.getByText('all sites: read, write').waitFor();
  await button(page, 'Revoke walking').click();
  await button(page, 'Revoke').last().click();
  await page.getByText('walking').first().waitFor({ state: 'detached' });
});

await step('a support grant is approved, is seen on every screen, and is ended', async (page) => {
  await page.goto(`${url}/${site}`);
  await page.getByRole('link', { name: 'Look and decide' }).click();
  await button(page, 'Approve for this one use').click();
  await dialog(page, 'Let olga in?').getByRole('button', { name: 'Approve for this one use' }).click();
  await page.getByText(/Operator olga can see northwind.example until/).waitFor();
  await button(page, 'End it now').click();
  await page.getByText('No operator sees anything').waitFor();
  await page.getByText(/Operator olga can see/).waitFor({ state: 'detached' });
});

await step('the audit log is filtered in the address and read back to its beginning', async (page) => {
  await page.goto(`${url}/settings/audit`);
  const entries = page.getByRole('list', { name: 'Entries' });
  await page.getByRole('combobox', { name: 'What' }).selectOption('key_make');
  await page.waitForFunction(() => location.search.includes('act=key_make'));
  await entries.getByText('signed in').first().waitFor({ state: 'detached' });
  await page.getByRole('combobox', { name: 'What' }).selectOption('');
  await entries.getByText('signed in').first().waitFor();
  for (const count of [100, 137]) {
    await button(page, 'Load earlier ones').click();
    await page.waitForFunction((wanted) => document.querySelectorAll('main ol li').length === wanted, count);
  }
  assert.equal(await button(page, 'Load earlier ones').count(), 0);
  await button(page, 'Show the checkpoint of now').click();
  await page.getByText('candor.northwind.example/audit/1').first().waitFor();
});

await step(
  'a viewer of some sites finds no screen that is not theirs',
  async (page) => {
    await page.goto(`${url}/settings`);
    await heading(page, 'Organization');
    const parts = await page.getByRole('navigation', { name: 'Settings' }).getByRole('link').allTextContents();
    assert.deepEqual(parts, ['Organization', 'My security']);
    assert.ok(await page.getByRole('textbox', { name: 'Name' }).isDisabled());
    await page.goto(`${url}/settings/audit`);
    await page.getByText('Your role does not include this').waitFor();
  },
  { people: { role: 'site_viewer' } },
);

await step(
  'who belongs to several organizations changes between them',
  async (page) => {
    await page.goto(`${url}/settings/people`);
    await page.getByRole('button', { name: /account of Ada/ }).click();
    await page.getByRole('menuitemradio', { name: /A side project/ }).click();
    await page.getByText('Your role does not include this').waitFor();
  },
  { people: { several: true } },
);

await step(
  'an operator signs a challenge, approves what another asked for, and asks to be let in',
  async (page) => {
    await page.goto(`${url}/operators`);
    await field(page, 'Operator').fill('olga');
    await page.keyboard.press('Enter');
    await page.getByText('candor operator login --key').waitFor();
    await field(page, 'Signature').fill('not a signature');
    await button(page, 'Go on').click();
    await page.getByText('The signature or the code is wrong.').waitFor();
    await field(page, 'Signature').fill('-----BEGIN SSH SIGNATURE-----\nU1NI\n-----END SSH SIGNATURE-----');
    await button(page, 'Go on').click();
    await field(page, 'Code from your authenticator app').fill(CODE);
    await button(page, 'Sign in').click();
    await page.getByText('Another operator decides.').waitFor();
    await button(page, 'Approve').click();
    await dialog(page, 'Remove A side project for ever?').getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Approved and done.').waitFor();
    await button(page, 'Ask to see data of Northwind Trading').click();
    await field(page, 'Purpose').fill('No campaigns');
    await page.getByRole('textbox', { name: 'Site' }).fill(site);
    await field(page, 'Ticket').fill('T-1');
    await button(page, 'Ask').click();
    await page.getByText('Asked. An owner decides.').waitFor();
    await button(page, 'Look by T-1100').click();
    await field(page, 'By').selectOption('Page');
    await button(page, 'Show').click();
    await page.getByText('4 rows; 4 left out').waitFor();
    await button(page, 'Close').click();
    await button(page, 'Sign out').click();
    await field(page, 'Operator').waitFor();
  },
  { expects: /401/ },
);

await end();
