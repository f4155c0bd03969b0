/**
 * What happens once somebody is signed in: what was known before is asked for anew, and they go where they wanted. Fails where
 * the browser kept no cookie of it.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { sessionQuery } from '../../lib/people-api.ts';
import { readReturn } from '../../lib/return-address.ts';
import { SIGN_IN } from './messages.ts';

export function useArrival(): (to?: unknown) => Promise<void> {
  const queries = useQueryClient();
  const router = useRouter();
  return async (to) => {
    queries.removeQueries({ type: 'inactive' });
    // A question that was asked before they were signed in is not waited for: its answer would be that nobody is.
    await queries.cancelQueries({ queryKey: sessionQuery.queryKey });
    const session = await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
    if (!session) throw new Error(SIGN_IN.noCookie);
    router.history.replace(readReturn(to, location.origin) ?? '/');
  };
}
