/** Rights, organizations and passwords as the screens read them. */
import { expect, test } from 'vitest';
import type { Site } from '../src/lib/api.ts';
import { grantable, lacksFactor, may, maySeeRecordings } from '../src/lib/may.ts';
import type { Membership, Role } from '../src/lib/people-schema.ts';
import { findMembership, readOrganizationSearch } from '../src/lib/use-membership.ts';
import { describeLength, isPasswordLength } from '../src/ui/password-field.tsx';

const member = (id: number, role: Role, rights: string[] = []): Membership => ({
  organization: { id, name: `Organization ${id}`, require_second_factor: false },
  role,
  may: rights,
  lacks_second_factor: false,
  break_glass: [],
});

test('nobody may what the server did not say', () => {
  expect(may(member(1, 'owner'), 'see:people')).toBe(false);
  expect(may(undefined, 'see:people')).toBe(false);
  expect(may(member(1, 'site_viewer', ['see:people']), 'see:people')).toBe(true);
});

test('viewers see the recordings of a site that shows them, and no others', () => {
  const site = (shown_to_viewers: boolean) => ({ settings: { recording: { shown_to_viewers } } }) as Site;
  const viewer = member(1, 'site_viewer', ['see:events']);
  expect(maySeeRecordings(viewer, site(false))).toBe(false);
  expect(maySeeRecordings(viewer, site(true))).toBe(true);
  expect(maySeeRecordings(member(1, 'admin', ['see:events', 'see:recordings']), site(false))).toBe(true);
  expect(maySeeRecordings(undefined, site(true))).toBe(false);
});

test('nobody gives more than they have', () => {
  const rights = ['change:people'];
  expect(grantable(member(1, 'owner', rights))).toContain('owner');
  expect(grantable(member(1, 'admin', rights))).not.toContain('owner');
  expect(grantable(member(1, 'organization_viewer'))).toEqual([]);
});

test('an organization that requires a second factor is closed to a sign-in without one', () => {
  expect(lacksFactor({ ...member(1, 'owner'), lacks_second_factor: true })).toBe(true);
  expect(lacksFactor(member(2, 'owner'))).toBe(false);
});

test('the organization of the address comes before the one last chosen, and that before the first', () => {
  const known = [member(1, 'owner'), member(2, 'admin'), member(3, 'admin')];
  expect(findMembership(known, 3, '2')?.organization.id).toBe(3);
  expect(findMembership(known, undefined, '2')?.organization.id).toBe(2);
  expect(findMembership(known, 9, '8')?.organization.id).toBe(1);
  expect(findMembership([], 1, null)).toBeUndefined();
});

test.each([
  ['2', { organization: 2 }],
  ['x', {}],
  ['-1', {}],
  [undefined, {}],
])('?organization=%s is read', (raw, search) => {
  expect(readOrganizationSearch({ organization: raw })).toEqual(search);
});

test('a new password says how much is missing, counted as people count', () => {
  expect(describeLength('1234567')).toBe('1 more character.');
  expect(describeLength('é'.repeat(8).normalize('NFD'))).toBe('Long enough.');
  expect(isPasswordLength('🦆'.repeat(7))).toBe(false);
  expect(isPasswordLength('a'.repeat(129))).toBe(false);
  expect(isPasswordLength('a'.repeat(128))).toBe(true);
});
