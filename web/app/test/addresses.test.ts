/** Secrets behind the #, and where a person is sent after signing in. */
import { expect, test } from 'vitest';
import { readSecret } from '../src/lib/fragment.ts';
import { readReturn } from '../src/lib/return-address.ts';

const TOKEN = 'q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq80';
const ORIGIN = 'https://stats.example.com';

test.each([
  ['/setup', `#${TOKEN}`, { setup: TOKEN }],
  ['/setup/', `#${TOKEN}`, { setup: TOKEN }],
  ['/reset', `#${TOKEN}`, { reset: TOKEN }],
  ['/invitation', `#${TOKEN}`, { invitation: TOKEN }],
  ['/sign-in', `#one-time=${TOKEN}`, { oneTime: TOKEN }],
])('the secret of %s%s is taken', (path, fragment, secrets) => {
  expect(readSecret(path, fragment)).toEqual(secrets);
});

test.each([
  ['/sign-in', `#${TOKEN}`],
  ['/northwind.example', `#${TOKEN}`],
  ['/setup/more', `#${TOKEN}`],
  ['/setup', '#content'],
  ['/setup', '#<script>alert(1)</script>-and-more'],
  ['/setup', `#${'a'.repeat(300)}`],
  ['/setup', ''],
])('nothing is taken from %s%s', (path, fragment) => {
  expect(readSecret(path, fragment)).toEqual({});
});

test.each(['/', '/northwind.example', '/northwind.example?period=7d&f=is:page:/a', '/settings/people', '/invitation'])(
  'a person goes back to %s',
  (path) => {
    expect(readReturn(path, ORIGIN)).toBe(path);
  },
);

test.each([
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '/\t/evil.example/',
  '\\\\evil.example',
  'javascript:alert(1)',
  'northwind.example',
  '/.//evil.example',
  '/sign-in',
  '/sign-in?to=/sign-in',
  '/setup',
  '/reset',
  '',
  undefined,
  ['/a'],
])('%j is nowhere to go back to', (raw) => {
  expect(readReturn(raw, ORIGIN)).toBeUndefined();
});

test('what comes out is a path of this server, whatever went in', () => {
  for (const raw of ['/a/../b', '/a#frag', '/%2f%2fevil.example', '/@evil.example', '/a?x=//evil.example']) {
    const path = readReturn(raw, ORIGIN)!;
    expect(new URL(path, ORIGIN).origin).toBe(ORIGIN);
    expect(path).toMatch(/^\/(?!\/)/);
  }
});
