/** Which organization the screens are about: the one in the address, else the one last chosen, else the first. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { sessionQuery } from './people-api.ts';
import type { Membership, SignedIn } from './people-schema.ts';
import { setPreference, usePreference } from './storage.ts';

export interface OrganizationSearch {
  organization?: number;
}

export function readOrganizationSearch(raw: Record<string, unknown>): OrganizationSearch {
  const id = Number(raw.organization);
  return Number.isSafeInteger(id) && id > 0 ? { organization: id } : {};
}

export function findMembership(
  memberships: readonly Membership[],
  ...wanted: (number | string | null | undefined)[]
): Membership | undefined {
  for (const id of wanted) {
    const found = memberships.find(({ organization }) => String(organization.id) === String(id ?? ''));
    if (found) return found;
  }
  return memberships[0];
}

/** The membership by which a person sees a site. */
export function membershipAt(session: SignedIn | undefined, site: { organization: number } | undefined): Membership | undefined {
  return session && findMembership(session.memberships, site?.organization);
}

export function useMembership(): { session?: SignedIn; membership?: Membership; choose: (id: number) => void } {
  const session = useQuery(sessionQuery).data ?? undefined;
  const { organization } = useSearch({ strict: false }) as OrganizationSearch;
  const last = usePreference('organization');
  const navigate = useNavigate();
  return {
    session,
    membership: session && findMembership(session.memberships, organization, last),
    choose: (id) => {
      setPreference('organization', String(id));
      if (organization !== undefined)
        void navigate({ to: '.', search: (known: object) => ({ ...known, organization: id }) as never });
    },
  };
}
