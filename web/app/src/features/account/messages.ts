/** The words of the account menu. */
import type { Role } from '../../lib/people-schema.ts';

export const WORDS = {
  account: (name: string) => `account of ${name}`,
  organizations: 'Organization',
  settings: 'People and organization',
  security: 'My security',
  signOut: 'Sign out',
} as const;

export const ROLE_WORDS: Record<Role, string> = {
  owner: 'Owner',
  admin: 'Admin',
  organization_viewer: 'Viewer',
  site_viewer: 'Viewer of some sites',
};
