/** Which role, and for a viewer of some sites which. */
import { useQuery } from '@tanstack/react-query';
import { sitesQuery } from '../../lib/api.ts';
import { grantable } from '../../lib/may.ts';
import type { Membership, Role } from '../../lib/people-schema.ts';
import { ROLES } from '../../lib/roles.ts';
import { Choices } from '../../ui/choices.tsx';
import { PERSON as WORDS } from './messages.ts';

interface RoleChoiceProps {
  membership: Membership;
  role: Role;
  sites: readonly string[];
  onRole: (role: Role) => void;
  onSites: (sites: string[]) => void;
}

export function RoleChoice({ membership, role, sites, onRole, onSites }: RoleChoiceProps) {
  const { data: known = [] } = useQuery(sitesQuery);
  const roles = grantable(membership);
  const here = known.filter(({ organization }) => organization === membership.organization.id);
  return (
    <>
      <Choices
        label={WORDS.role}
        choices={ROLES.filter(({ value }) => roles.includes(value))}
        chosen={[role]}
        onChange={([chosen]) => chosen && onRole(chosen)}
      />
      {role === 'site_viewer' && (
        <Choices
          label={WORDS.sites}
          several
          choices={here.map(({ domain }) => ({ value: domain, label: domain }))}
          chosen={sites}
          onChange={onSites}
        />
      )}
    </>
  );
}
