/** The roles and what each may, in words. */
import type { Role } from './people-schema.ts';

export const ROLES: readonly { value: Role; label: string; text: string }[] = [
  { value: 'owner', label: 'Owner', text: 'Everything: people, sites, settings, the audit log and its export.' },
  {
    value: 'admin',
    label: 'Admin',
    text: 'All sites and their settings, people other than owners, API keys. Reads the audit log.',
  },
  { value: 'organization_viewer', label: 'Viewer', text: 'Reports of all sites.' },
  { value: 'site_viewer', label: 'Viewer of some sites', text: 'Reports of the sites you name.' },
];

export const roleLabel = (role: Role): string => ROLES.find(({ value }) => value === role)?.label ?? role;
