/** The words about API keys. */
import type { Scope } from '../../lib/people-schema.ts';

export const SCOPES: readonly { value: Scope; label: string; text: string }[] = [
  { value: 'read', label: 'Read', text: 'Reports of events.' },
  { value: 'write', label: 'Write', text: 'Send events from a server.' },
  { value: 'manage', label: 'Manage', text: 'Sites and their settings.' },
  { value: 'export', label: 'Export', text: 'Take all events out.' },
  { value: 'audit', label: 'Audit', text: 'Read the audit log.' },
];

export const WORDS = {
  title: 'Keys of this organization',
  lead: 'A key does what its scopes say and never more than the person who made it may.',
  make: 'Make a key',
  none: 'There is no key. Programs that read reports or send events from a server need one.',
  unnamed: 'Key without a name',
  allSites: 'all sites',
  used: (when: string) => `used ${when}`,
  unused: 'never used',
  until: (day: string) => `until ${day}`,
  noEnd: 'no end',
  ended: 'ended',
  revoke: 'Revoke',
  revokeOf: (name: string) => `Revoke ${name}`,
  revokeTitle: 'Revoke this key?',
  revokeText: (name: string) => `Whatever uses “${name}” is refused from now on. A key cannot be brought back.`,
  revoked: 'The key is revoked.',
} as const;

export const NEW = {
  title: 'Make a key',
  name: 'Name',
  nameHelp: 'Where it will be used, so that you know later which to revoke.',
  site: 'Site',
  allSites: 'All sites of the organization',
  scopes: 'What it may',
  notYours: 'Your own role does not include this.',
  expiry: 'Valid for',
  expiries: { '30': '30 days', '90': '90 days', '365': 'A year', '0': 'No end' },
  submit: 'Make the key',
  submitting: 'Making it …',
  made: 'Keep the key now',
  madeLead: 'It is shown this one time; only its fingerprint is stored. It goes into the header of each request:',
  done: 'I have kept it',
} as const;
