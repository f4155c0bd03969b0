/** The operators' listener of the stand-in server: the console's own API, in memory and made up. */
import { CODE } from './people.mjs';

const DAY = 86_400_000;
const ago = (ms) => new Date(Date.now() - ms).toISOString();

export function makeOperators() {
  return {
    signedIn: false,
    organizations: [
      { id: 1, name: 'Northwind Trading', sites: 3, people: 4, bytes: 5_812_000_000, created_at: ago(400 * DAY) },
      { id: 2, name: 'A side project', sites: 1, people: 1, bytes: 812_000, created_at: ago(3 * DAY) },
    ],
    approvals: [
      { id: '1', act: 'organization_remove', object: 'A side project', asked_by: 'piet', asked_at: ago(120_000) },
      { id: '2', act: 'operator_enrol', object: 'ruth', asked_by: 'olga', asked_at: ago(240_000) },
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

/** Answers an address of the operators' API; nothing where it is none. */
export function answerOperator(world, { method, path, body, grants, health }) {
  if (!path.startsWith('/api/operator/')) return undefined;
  const rest = `${method} ${path.slice('/api/operator/'.length)}`;
  const session = { operator: 'olga', ends_at: ago(-8 * 3_600_000), solo: world.operators.length < 2 };
  if (rest === 'POST session/challenge') return { status: 200, body: { challenge: 'candor-operator-1764154800-Zk3v0cV9q8bWm2' } };
  if (rest === 'POST session') {
    if (body.totp !== CODE || !body.signature.startsWith('-----BEGIN SSH SIGNATURE-----'))
      return { status: 401, body: { error: 'the signature or the code is wrong' } };
    world.signedIn = true;
    return { status: 200, body: session };
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
    'GET support-grants': () => ({ status: 200, body: { grants } }),
    'POST support-grants': () => ({
      status: 201,
      body: { ...body, id: '9', operator: 'olga', state: 'pending', asked_at: ago(0) },
    }),
    'GET operators': () => ({ status: 200, body: { operators: world.operators } }),
    'POST operators': () => ({ status: 202, body: { approval: { id: '3' } } }),
  };
  if (answers[rest]) return answers[rest]();
  if (rest.startsWith('DELETE organizations/')) return { status: 202, body: { approval: { id: '4' } } };
  const [, id, verdict] = /^POST approvals\/(\d+)\/(approve|decline)$/.exec(rest) ?? [];
  if (verdict) return done(() => Object.assign(world, { approvals: world.approvals.filter((each) => each.id !== id) }));
  return { status: 404, body: { error: 'there is no such address' } };
}
