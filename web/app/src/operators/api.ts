/** The console's own client and questions. A 401 anywhere says that the sign-in is over, and leads back to it. */
import { createApiClient } from '@candor/api-client';
import { QueryClient, queryOptions } from '@tanstack/react-query';
import type { Client } from 'openapi-fetch';
import { ApiError, expectData } from '../lib/api.ts';
import type { OperatorPaths, OperatorSession } from './schema.ts';

export const queries = new QueryClient({
  defaultOptions: { queries: { networkMode: 'always', retry: false, staleTime: 10_000 }, mutations: { networkMode: 'always' } },
});

const SESSION = ['session'];

export const client = createApiClient(globalThis.location?.origin, async (request) => {
  const answer = await globalThis.fetch(request);
  const signing = new URL(request.url).pathname.startsWith('/api/operator/session');
  if (answer.status === 401 && !signing) queries.setQueryData(SESSION, null);
  return answer;
}) as unknown as Client<OperatorPaths>;

export const sessionQuery = queryOptions({
  queryKey: SESSION,
  queryFn: async ({ signal }): Promise<OperatorSession | null> => {
    try {
      return await expectData(client.GET('/api/operator/session', { signal }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

export const organizationsQuery = queryOptions({
  queryKey: ['organizations'],
  queryFn: ({ signal }) =>
    expectData(client.GET('/api/operator/organizations', { signal })).then(({ organizations }) => organizations),
});

const PACE_MS = 15_000;
const LAST_ACTS = 5;

export const approvalsQuery = queryOptions({
  queryKey: ['approvals'],
  queryFn: ({ signal }) => expectData(client.GET('/api/operator/approvals', { signal })).then(({ approvals }) => approvals),
  refetchInterval: PACE_MS,
});

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => expectData(client.GET('/api/operator/health', { signal })),
  refetchInterval: PACE_MS,
});

export const backupsQuery = queryOptions({
  queryKey: ['backups'],
  queryFn: ({ signal }) => expectData(client.GET('/api/operator/backups', { signal })),
  refetchInterval: PACE_MS,
});

/** What came of the last of these acts, as the server's own log has it. */
export const lastActsQuery = (act: 'backup_make' | 'backup_drill') =>
  queryOptions({
    queryKey: ['acts', act],
    queryFn: ({ signal }) =>
      expectData(client.GET('/api/operator/audit', { params: { query: { act, limit: LAST_ACTS } }, signal })).then(
        ({ entries }) => entries,
      ),
    refetchInterval: PACE_MS,
  });

export const grantsQuery = queryOptions({
  queryKey: ['grants'],
  queryFn: ({ signal }) => expectData(client.GET('/api/operator/support-grants', { signal })).then(({ grants }) => grants),
  refetchInterval: PACE_MS,
});

export const operatorsQuery = queryOptions({
  queryKey: ['operators'],
  queryFn: ({ signal }) => expectData(client.GET('/api/operator/operators', { signal })).then(({ operators }) => operators),
});
