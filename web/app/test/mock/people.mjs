/**
 * The people of the stand-in server: sign-ins, roles, keys, second factors, the audit log and support grants, all in memory
 * and all made up. `state.signedIn` says whether whoever asks is signed in; the person is an owner unless `state.role` says less.
 */
import { randomBytes } from 'node:crypto';

export const PASSWORD = 'correct horse battery';
export const CODE = '246810';
const MINUTE = 60_000;
const DAY = 86_400_000;
const ago = (ms) => new Date(Date.now() - ms).toISOString();
const ahead = (ms) => ago(-ms);
const token = () => randomBytes(32).toString('base64url');

const SCOPE_OF = {
  owner: [
    'organization',
    'billing',
    'audit_log',
    'people',
    'keys',
    'support_grants',
    'site',
    'events',
    'recordings',
    'attributes',
  ],
};
const VERBS = ['see', 'add', 'change', 'remove', 'export'];

/** The same table as the server's. */
function mayOf(role) {
  const allowed = (verb, object) => {
    if (role === 'owner') return true;
    if (role === 'admin')
      return (
        object !== 'billing' &&
        (['organization', 'audit_log', 'support_grants'].includes(object) ? verb === 'see' : verb !== 'export')
      );
    return verb === 'see' && ['organization', 'site', 'events'].includes(object);
  };
  return SCOPE_OF.owner.flatMap((object) => VERBS.filter((verb) => allowed(verb, object)).map((verb) => `${verb}:${object}`));
}

class Refusal extends Error {
  constructor(status, message, field, headers = {}) {
    super(message);
    Object.assign(this, { status, field, headers });
  }
}

const challenge = (extra) => ({ id: token(), options: { publicKey: { challenge: token(), timeout: 60_000, ...extra } } });
const creation = (email) =>
  challenge({
    rp: { id: 'localhost', name: 'Candor' },
    user: { id: token(), name: email, displayName: email },
    pubKeyCredParams: [
      { type: 'public-key', alg: -7 },
      { type: 'public-key', alg: -257 },
    ],
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
const request = () => challenge({ rpId: 'localhost', userVerification: 'required', allowCredentials: [] });
const codes = () =>
  Array.from({ length: 10 }, () =>
    randomBytes(8)
      .toString('hex')
      .replace(/(.{4})(?=.)/g, '$1-'),
  );

function makePeople() {
  return [
    {
      id: '00000000000000a1',
      email: 'ada@northwind.example',
      name: 'Ada Quist',
      role: 'owner',
      sites: null,
      second_factor: true,
      disabled: false,
      last_seen: ago(40_000),
    },
    {
      id: '00000000000000b2',
      email: 'ben.okafor@northwind.example',
      name: 'Ben Okafor',
      role: 'admin',
      sites: null,
      second_factor: false,
      disabled: false,
      last_seen: ago(3 * 3_600_000),
    },
    {
      id: '00000000000000c3',
      email: 'chiara@agency-with-a-rather-long-name.example',
      name: null,
      role: 'site_viewer',
      sites: ['docs.northwind.example'],
      second_factor: false,
      disabled: false,
      last_seen: ago(9 * DAY),
    },
    {
      id: '00000000000000d4',
      email: 'dmitri@northwind.example',
      name: 'Dmitri <b>',
      role: 'organization_viewer',
      sites: null,
      second_factor: true,
      disabled: true,
      last_seen: null,
    },
  ];
}

function makeEntries() {
  const ada = { kind: 'person', id: '00000000000000a1', name: 'Ada Quist' };
  const ben = { kind: 'person', id: '00000000000000b2', name: 'Ben Okafor' };
  const operator = { kind: 'operator', id: '3', name: 'olga' };
  const acts = [
    [ada, 'sign_in', ada, { by: 'password', second_factor: 'totp' }],
    [ben, 'site_change', { kind: 'site', id: '2', name: 'docs.northwind.example' }, { honour_signals: 'false' }],
    [ada, 'role_change', { kind: 'person', id: '00000000000000c3' }, { role: 'site_viewer', before: 'organization_viewer' }],
    [operator, 'support_ask', { kind: 'support_grant', id: '7' }, { site: 'northwind.example', ticket: 'T-1041', minutes: '30' }],
    [ada, 'key_make', { kind: 'key', id: '5', name: 'nightly export' }, { scopes: 'export' }],
    [
      { kind: 'nobody', id: '' },
      'sign_in_refused',
      { kind: 'person', id: '00000000000000b2', name: 'Ben Okafor' },
      { count: '4' },
    ],
  ];
  return Array.from({ length: 137 }, (_, at) => {
    const [actor, act, object, details] = acts[at % acts.length];
    return {
      number: at,
      at: ago((137 - at) * 47 * MINUTE),
      actor,
      network: at % 5 ? '203.0.113.0' : '2001:db8:1::',
      act,
      object,
      details,
    };
  });
}

export function makeWorld() {
  const grants = [
    {
      id: '7',
      operator: 'olga',
      site: 'northwind.example',
      purpose: 'Reports of the last week show no campaigns',
      ticket: 'T-1041',
      fields: ['page', 'source', 'campaign'],
      minutes: 30,
      days: 30,
      state: 'pending',
      asked_at: ago(4 * MINUTE),
    },
    {
      id: '4',
      operator: 'olga',
      site: 'docs.northwind.example',
      purpose: 'Visits doubled after the move to a new host',
      ticket: 'T-988',
      fields: ['page'],
      minutes: 15,
      days: 7,
      state: 'ended',
      asked_at: ago(12 * DAY),
      approved_at: ago(12 * DAY - 3 * MINUTE),
      ended_at: ago(12 * DAY - 9 * MINUTE),
    },
    {
      id: '2',
      operator: 'piet',
      site: 'northwind.example',
      purpose: 'Curious about the traffic',
      ticket: 'T-900',
      fields: ['page', 'country'],
      minutes: 60,
      days: 30,
      state: 'declined',
      asked_at: ago(40 * DAY),
    },
  ];
  return {
    state: {
      signedIn: true,
      confirmed: true,
      needed: false,
      role: 'owner',
      several: false,
      factors: ['totp', 'recovery_code'],
      wrong: 0,
      active: false,
      grants: true,
    },
    people: makePeople(),
    agreement: {
      version: 'e44842f21339e1ead4f9a184907670cf',
      text: '# Data-processing agreement\n\nBetween the controller and the processor.\n\n## 1. Subject\n\nWhat visitors do.',
      accepted: false,
      acceptances: [],
    },
    organizations: {
      1: { id: 1, name: 'Northwind Trading', require_second_factor: false },
      2: { id: 2, name: 'A side project', require_second_factor: false },
    },
    invitations: [
      { id: '31', email: 'eva@northwind.example', role: 'organization_viewer', sites: null, expires_at: ahead(5 * DAY) },
    ],
    keys: [
      {
        id: '5',
        name: 'nightly export',
        site: null,
        scopes: ['export'],
        created_at: ago(50 * DAY),
        expires_at: ahead(40 * DAY),
        last_used: ago(6 * 3_600_000),
      },
      {
        id: '6',
        name: null,
        site: 'northwind.example',
        scopes: ['read', 'write'],
        created_at: ago(2 * DAY),
        expires_at: null,
        last_used_at: null,
      },
    ],
    security: {
      password: true,
      totp: false,
      passkeys: [{ id: '1', name: 'Laptop', created_at: ago(80 * DAY), last_used_at: ago(DAY) }],
      recovery_codes_left: 2,
    },
    devices: [
      {
        id: '1',
        current: true,
        agent: 'Firefox on Linux',
        network: '203.0.113.0',
        created_at: ago(6 * DAY),
        last_seen_at: ago(1000),
      },
      {
        id: '2',
        current: false,
        agent: 'Safari on iPhone',
        network: '198.51.100.0',
        created_at: ago(30 * DAY),
        last_seen_at: ago(2 * DAY),
      },
    ],
    entries: makeEntries(),
    grants,
  };
}

function remove(list, id) {
  const at = list.findIndex((each) => each.id === id);
  if (at < 0) throw new Refusal(404, 'there is no such thing');
  return list.splice(at, 1)[0];
}

function describeSession({ state, people, organizations }) {
  const [{ id, email, name }] = people;
  const membership = (organization, role) => ({
    organization,
    role,
    sites: role === 'site_viewer' ? ['docs.northwind.example'] : null,
    lacks_second_factor: Boolean(state.weak),
    may: state.weak ? [] : mayOf(role),
  });
  const memberships = [
    membership(organizations[1], state.role),
    ...(state.several ? [membership(organizations[2], 'site_viewer')] : []),
  ];
  return { person: { id, email, name }, second_factor: !state.weak, confirmed_at: ago(0), memberships };
}

const needConfirm = ({ state }) => {
  if (!state.confirmed) throw new Refusal(403, 'confirm that it is you', 'confirm');
};

/** Each address with what it answers; `undefined` is 204. */
const ANSWERS = {
  'GET /api/setup': ({ state }) => ({ needed: state.needed }),
  'POST /api/setup/passkey': (_world, { email }) => creation(email),
  'POST /api/setup': (world, body) => {
    if (!body.passkey && body.password.length < 8)
      throw new Refusal(422, 'the password is too short: at least 8 characters', 'password');
    if (/northwind|candor|ada/i.test(body.password ?? ''))
      throw new Refusal(422, 'the password holds a word that is known of you: another one, please', 'password');
    Object.assign(world.state, { needed: false, signedIn: true });
    return {
      person: { id: '1', email: body.email, name: body.name },
      organization: { id: 1, name: body.organization },
      recovery_codes: codes(),
    };
  },
  'GET /api/session': (world) => describeSession(world),
  'POST /api/session': ({ state }, { password }) => {
    if (state.wrong >= 3) {
      state.wrong = 0;
      throw new Refusal(429, 'too many attempts; wait a little', undefined, { 'retry-after': '3' });
    }
    if (password !== PASSWORD) {
      state.wrong += 1;
      throw new Refusal(401, 'the e-mail address or the password is wrong');
    }
    if (state.factors.length > 0) return { signed_in: false, ticket: token(), second_factors: state.factors };
    state.signedIn = true;
    return { signed_in: true };
  },
  'POST /api/session/second-factor': ({ state }, { totp, passkey, recovery_code }) => {
    if (totp !== CODE && !passkey && !/^[0-9a-f-]{19}$/.test(recovery_code ?? ''))
      throw new Refusal(401, 'the code is wrong or used up');
    state.signedIn = true;
    return { signed_in: true };
  },
  'POST /api/session/second-factor/passkey': request,
  'POST /api/session/passkey/options': request,
  'POST /api/session/passkey': ({ state }) => {
    state.signedIn = true;
    return { signed_in: true };
  },
  'POST /api/session/one-time': ({ state }, body) => {
    if (!body.token.startsWith('good')) throw new Refusal(401, 'the address no longer works');
    state.signedIn = true;
    return { signed_in: true };
  },
  'POST /api/session/confirm': ({ state }, { password, totp, passkey }) => {
    if (password !== PASSWORD && totp !== CODE && !passkey) throw new Refusal(401, 'that is not right');
    state.confirmed = true;
  },
  'POST /api/session/confirm/passkey': request,
  'POST /api/session/link': (_world, _body, { origin }) => ({ url: `${origin}/sign-in#one-time=${token()}` }),
  'DELETE /api/session': ({ state }) => {
    state.signedIn = false;
  },
  'POST /api/password/reset': () => undefined,
  'POST /api/password': (_world, { password }) => {
    if (password.length < 8) throw new Refusal(422, 'the password is too short: at least 8 characters', 'password');
  },
  'POST /api/invitations/look': ({ organizations }, body) => {
    if (!body.token.startsWith('good')) throw new Refusal(404, 'the invitation was used, taken back, or is too old');
    return {
      organization: organizations[1],
      role: 'site_viewer',
      sites: ['docs.northwind.example'],
      email: 'eva@northwind.example',
    };
  },
  'POST /api/invitations/passkey': () => creation('eva@northwind.example'),
  'POST /api/invitations/accept': ({ state, organizations }) => {
    state.signedIn = true;
    return { person: { id: '9', email: 'eva@northwind.example' }, organization: organizations[1] };
  },
  'GET /api/organizations/:id/agreement': (world) => world.agreement,
  'POST /api/organizations/:id/agreement': ({ agreement }, { version }) => {
    const acceptance = { version, person: '1', at: new Date().toISOString() };
    return Object.assign(agreement, { accepted: true, acceptances: [acceptance] });
  },
  'PATCH /api/organizations/:id': (world, body, { id }) => {
    needConfirm(world);
    return Object.assign(world.organizations[id], body);
  },
  'GET /api/people': ({ people }) => ({ people }),
  'PATCH /api/people/:id': (world, { organization, ...change }, { id }) => {
    needConfirm(world);
    if (id === '00000000000000a1') throw new Refusal(409, 'an organization keeps at least one owner');
    return Object.assign(
      world.people.find((each) => each.id === id),
      change,
    );
  },
  'DELETE /api/people/:id': ({ people }, _body, { id }) => void remove(people, id),
  'POST /api/people/:id/reset-link': (_world, _body, { origin }) => ({ url: `${origin}/reset#${token()}` }),
  'GET /api/invitations': ({ invitations }) => ({ invitations }),
  'POST /api/invitations': ({ invitations, people }, { email, role, sites }, { origin }) => {
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) throw new Refusal(422, `\`${email}\` is not an e-mail address`, 'email');
    if (people.some((each) => each.email === email)) throw new Refusal(409, 'they belong to the organization already', 'email');
    const made = { id: String(invitations.length + 32), email, role, sites: sites ?? null, expires_at: ahead(7 * DAY) };
    invitations.push(made);
    return { ...made, url: `${origin}/invitation#${token()}` };
  },
  'DELETE /api/invitations/:id': ({ invitations }, _body, { id }) => void remove(invitations, id),
  'GET /api/keys': ({ keys }) => ({ keys }),
  'POST /api/keys': (world, { name, site, scopes, expires_in_days }) => {
    needConfirm(world);
    const made = {
      id: String(world.keys.length + 7),
      name: name ?? null,
      site: site ?? null,
      scopes,
      created_at: ago(0),
      expires_at: expires_in_days ? ahead(expires_in_days * DAY) : null,
      last_used: null,
    };
    world.keys.push(made);
    return { ...made, key: token() };
  },
  'DELETE /api/keys/:id': ({ keys }, _body, { id }) => void remove(keys, id),
  'PATCH /api/me': ({ people }, change) => Object.assign(people[0], change),
  'GET /api/me/security': ({ security }) => security,
  'PUT /api/me/password': (world, { password }) => {
    needConfirm(world);
    if (password.length < 8) throw new Refusal(422, 'the password is too short: at least 8 characters', 'password');
  },
  'POST /api/me/totp': (world) => {
    needConfirm(world);
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    return {
      secret,
      uri: `otpauth://totp/Candor:ada%40northwind.example?secret=${secret}&issuer=Candor&algorithm=SHA1&digits=6&period=30`,
    };
  },
  'PUT /api/me/totp': ({ security }, { code }) => {
    if (code !== CODE) throw new Refusal(401, 'the code does not fit: is the clock of the phone right?', 'code');
    security.totp = true;
    return { recovery_codes: codes() };
  },
  'DELETE /api/me/totp': ({ security }) => {
    security.totp = false;
  },
  'POST /api/me/passkeys/options': ({ people }) => creation(people[0].email),
  'POST /api/me/passkeys': ({ security }, { name }) => {
    const made = { id: String(security.passkeys.length + 2), name, created_at: ago(0), last_used_at: null };
    security.passkeys.push(made);
    return { recovery_codes: [] };
  },
  'DELETE /api/me/passkeys/:id': ({ security }, _body, { id }) => void remove(security.passkeys, id),
  'POST /api/me/recovery-codes': (world) => {
    needConfirm(world);
    world.security.recovery_codes_left = 10;
    return { recovery_codes: codes() };
  },
  'GET /api/me/devices': ({ devices }) => ({ devices }),
  'DELETE /api/me/devices': (world) => {
    world.devices = world.devices.filter((each) => each.current);
  },
  'DELETE /api/me/devices/:id': ({ devices }, _body, { id }) => void remove(devices, id),
  'GET /api/audit': ({ entries }, _body, { query }) => {
    const before = Number(query.get('before') ?? entries.length);
    const limit = Number(query.get('limit') ?? 50);
    const found = entries.filter(
      (each) =>
        each.number < before &&
        (!query.get('actor') || each.actor.id === query.get('actor')) &&
        (!query.get('act') || each.act === query.get('act')),
    );
    return { entries: found.slice(-limit).reverse(), size: entries.length, earlier: found.length > limit };
  },
  'GET /api/audit/checkpoint': ({ entries }) =>
    `candor.northwind.example/audit/1\n${entries.length}\nqINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=\n\n— candor.northwind.example/audit/1 Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n`,
  'GET /api/support-grants': ({ grants, state }) => {
    if (!state.grants) return { grants: [] };
    const active = { state: 'active', approved_at: ago(6 * MINUTE), expires_at: ahead(24 * MINUTE) };
    return { grants: state.active ? grants.map((each) => (each.state === 'pending' ? { ...each, ...active } : each)) : grants };
  },
  'POST /api/support-grants/:id/approve': (world, _body, { id }) => {
    needConfirm(world);
    Object.assign(
      world.grants.find((each) => each.id === id),
      { state: 'active', approved_at: ago(0), expires_at: ahead(30 * MINUTE) },
    );
  },
  'POST /api/support-grants/:id/decline': ({ grants }, _body, { id }) =>
    void Object.assign(
      grants.find((each) => each.id === id),
      { state: 'declined' },
    ),
  'POST /api/support-grants/:id/end': ({ grants }, _body, { id }) =>
    void Object.assign(
      grants.find((each) => each.id === id),
      { state: 'ended', ended_at: ago(0) },
    ),
};

const ROUTES = Object.entries(ANSWERS).map(([name, answer]) => {
  const [method, path] = name.split(' ');
  return { method, pattern: new RegExp(`^${path.replace(':id', '([^/]+)')}$`), answer };
});
const OPEN = /^\/api\/(setup|password|invitations\/(look|accept|passkey)|session(\/(?!confirm|link).*)?)(\/|$)/;

/** Answers an address that is about people: `{status, body, headers}`; nothing where it is about something else. */
export function answerPeople(world, { method, path, query, body, origin }) {
  const open = OPEN.test(path) && !(path === '/api/session' && method !== 'POST');
  if (!open && !world.state.signedIn && path !== '/api/health') return { status: 401, body: { error: 'nobody is signed in' } };
  for (const route of ROUTES) {
    const match = route.method === method && route.pattern.exec(path);
    if (!match) continue;
    try {
      const answer = route.answer(world, body, { id: match[1], query, origin });
      return answer === undefined ? { status: 204 } : { status: 200, body: answer };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, body: { error: error.message, field: error.field }, headers: error.headers };
    }
  }
  return undefined;
}
