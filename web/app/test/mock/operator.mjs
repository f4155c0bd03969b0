/** The operators' listener of the stand-in server: the console's own API, in memory and made up. */
import { CODE } from './people.mjs';

const DAY = 86_400_000;
const ago = (ms) => new Date(Date.now() - ms).toISOString();

const RUTH = {
  key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0mA4fX7y3nQq2k1oZr8s5vVd1yYl1tYv9WcPq2sHcZ ruth',
  networks: ['198.51.100.0/24'],
};

/** What an owner of another organization lets olga see. */
const makeOpen = () => ({
  id: '11',
  operator: 'olga',
  site: 'side.example',
  purpose: 'Nothing arrives from one page',
  ticket: 'T-1100',
  fields: ['page', 'device', 'property'],
  minutes: 60,
  days: 30,
  state: 'active',
  asked_at: ago(9 * 60_000),
  approved_at: ago(5 * 60_000),
  expires_at: ago(-55 * 60_000),
});

/** A subscription that ended some time ago. */
const ENDED = { ended_at: ago(22 * DAY), removed_at: ago(-38 * DAY), told_days: 60 };

export function makeOperators() {
  return {
    signedIn: false,
    /** Whether nobody has an app for codes yet. */
    first: false,
    organizations: [
      { id: 1, name: 'Northwind Trading', sites: 3, people: 4, bytes: 5_812_000_000, created_at: ago(400 * DAY) },
      { id: 2, name: 'A side project', sites: 1, people: 1, bytes: 812_000, created_at: ago(3 * DAY), ...ENDED },
    ],
    approvals: [
      { id: '1', act: 'organization_remove', object: 'A side project', asked_by: 'piet', asked_at: ago(120_000) },
      { id: '2', act: 'operator_enrol', object: 'ruth', asked_by: 'olga', asked_at: ago(240_000), ...RUTH },
    ],
    operators: [
      {
        name: 'olga',
        key: 'SHA256:9qXk0pLJ8s5vVd1yYl1tYv9WcPq2sHcZJcQ2vB7mN3E',
        networks: ['198.51.100.0/24'],
        second_factor: true,
        last_seen: ago(2000),
      },
      {
        name: 'piet',
        key: 'SHA256:f3KZb0n0Wm6gM4rDq1o8rF2a9sT7yU5iO3pL1kJ8hG0',
        networks: ['192.0.2.0/28', '2001:db8:7::/48'],
        second_factor: true,
        last_seen: ago(DAY),
      },
    ],
  };
}

const BACKUPS = {
  state: 'ok',
  last_backup: ago(5 * 3_600_000),
  last_drill: ago(2 * DAY),
  sites: 4,
  sites_with_recordings: 1,
  places: [
    { path: 'data/control.db', becomes: 'kept' },
    { path: 'data/segments', becomes: 'kept' },
    { path: 'data/recordings', becomes: 'of_recordings' },
    { path: 'keys/keys.sealed', becomes: 'of_keys' },
    { path: 'keys/root.*', becomes: 'left_out', why: 'whoever runs the server keeps it elsewhere' },
  ],
};
const ACTS = [
  { number: 12, at: ago(5 * 3_600_000), details: { files: '214', bytes: '5812000000', sent: '9120000' } },
  { number: 9, at: ago(DAY), details: { failed: 'snapshots in the backup target: permission denied' } },
];

const ENROL = {
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  uri: 'otpauth://totp/Candor%20operators:olga?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Candor%20operators',
};

/** Rows of the masked view, by what they are told by. */
function answerView({ dimensions, metrics }) {
  const names = dimensions.length === 0 ? [undefined] : dimensions[0] === 'time' ? DAYS : PAGES;
  const results = names.map((name, at) => ({
    dimensions: name === undefined ? [] : [name],
    metrics: metrics.map((_, column) => Math.round(4_180 / (at + 1) / (column + 1))),
  }));
  return { results, meta: {}, query: {}, left_out: names.length > 1 ? 4 : 0 };
}
const DAYS = ['2026-11-20', '2026-11-21', '2026-11-22'];
const PAGES = ['/', '/pricing', '/a-rather-long-path/of-a-page/that-must-break-somewhere', '/docs'];

/** Answers an address of the operators' API; nothing where it is none. */
export function answerOperator(world, { method, path, body, grants, health }) {
  if (!path.startsWith('/api/operator/')) return undefined;
  const rest = `${method} ${path.slice('/api/operator/'.length)}`;
  const session = { operator: 'olga', ends_at: ago(-8 * 3_600_000), solo: world.operators.length < 2 };
  if (rest === 'POST session/challenge') return { status: 200, body: { challenge: 'candor-operator-1764154800-Zk3v0cV9q8bWm2' } };
  if (rest === 'POST session') {
    const wrong = body.totp !== undefined && body.totp !== CODE;
    if (wrong || !body.signature.startsWith('-----BEGIN SSH SIGNATURE-----'))
      return { status: 401, body: { error: 'the signature or the code is wrong' } };
    if (body.totp === undefined && world.first) return { status: 200, body: { signed_in: false, enrol: ENROL } };
    if (body.totp === undefined) return { status: 401, body: { error: 'a code is wanted', field: 'totp' } };
    world.signedIn = true;
    return { status: 200, body: { signed_in: true } };
  }
  if (!world.signedIn) return { status: 401, body: { error: 'nobody is signed in' } };
  const done = (change) => {
    change?.();
    return { status: 204 };
  };
  const answers = {
    'GET session': () => ({ status: 200, body: session }),
    'DELETE session': () => done(() => Object.assign(world, { signedIn: false })),
    'GET organizations': () => ({ status: 200, body: { organizations: world.organizations } }),
    'POST organizations': () => {
      const made = { id: 3, name: body.name, sites: 0, people: 0, bytes: 0, created_at: ago(0) };
      world.organizations.push(made);
      return { status: 201, body: { ...made, url: 'https://stats.example.com/invitation#made-up' } };
    },
    'GET approvals': () => ({ status: 200, body: { approvals: world.approvals } }),
    'GET health': () => ({ status: 200, body: { ...health, version: '0.4.0' } }),
    'GET backups': () => ({ status: 200, body: BACKUPS }),
    'POST backups': () => ({ status: 202 }),
    'POST backups/list': () => ({ status: 202, body: { approval: { id: '5' } } }),
    'GET audit': () => ({ status: 200, body: { entries: ACTS, size: 12, earlier: false } }),
    'GET support-grants': () => ({ status: 200, body: { grants: [makeOpen(), ...grants] } }),
    'POST support-grants': () => ({
      status: 201,
      body: { ...body, id: '9', operator: 'olga', state: 'pending', asked_at: ago(0) },
    }),
    'GET operators': () => ({ status: 200, body: { operators: world.operators } }),
    'POST operators': () => ({ status: 202, body: { approval: { id: '3' } } }),
  };
  if (answers[rest]) return answers[rest]();
  if (rest.startsWith('DELETE organizations/')) return { status: 202, body: { approval: { id: '4' } } };
  if (/^POST support-grants\/\w+\/query$/.test(rest)) return { status: 200, body: answerView(body) };
  const [, id, verdict] = /^POST approvals\/(\d+)\/(approve|decline)$/.exec(rest) ?? [];
  if (verdict) return done(() => Object.assign(world, { approvals: world.approvals.filter((each) => each.id !== id) }));
  return { status: 404, body: { error: 'there is no such address' } };
}
