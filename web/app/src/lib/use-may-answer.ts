/** Whether the person answers to the visitors of a site, as far as is known yet: the way to its privacy centre is shown to nobody else. */
import { useQuery } from '@tanstack/react-query';
import { sitesQuery } from './api.ts';
import { mayAnswer } from './may.ts';
import { sessionQuery } from './people-api.ts';
import { membershipAt } from './use-membership.ts';

export function useMayAnswer(domain: string | undefined): boolean {
  const session = useQuery(sessionQuery).data ?? undefined;
  const site = useQuery(sitesQuery).data?.find((each) => each.domain === domain);
  return site !== undefined && mayAnswer(membershipAt(session, site));
}
