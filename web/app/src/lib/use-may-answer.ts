/** Whether the person answers to the visitors of a site, as far as is known yet: the way to its privacy centre is shown to nobody else. */
import { type QueryClient, useQuery } from '@tanstack/react-query';
import { type Site, sitesQuery } from './api.ts';
import { mayAnswer } from './may.ts';
import { sessionQuery } from './people-api.ts';
import type { SignedIn } from './people-schema.ts';
import { membershipAt } from './use-membership.ts';

export function useMayAnswer(domain: string | undefined): boolean {
  return answers(useQuery(sessionQuery).data, useQuery(sitesQuery).data, domain);
}

/** The same at the moment of asking, where nothing is drawn by it: nothing is fetched for it. */
export const mayAnswerNow = (queries: QueryClient, domain: string): boolean =>
  answers(queries.getQueryData(sessionQuery.queryKey), queries.getQueryData(sitesQuery.queryKey), domain);

function answers(session: SignedIn | null | undefined, sites: Site[] | undefined, domain: string | undefined): boolean {
  const site = sites?.find((each) => each.domain === domain);
  return site !== undefined && mayAnswer(membershipAt(session ?? undefined, site));
}
