/** Questions about people, their sign-ins and what they left in the audit log. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ApiError, client, expectData } from './api.ts';
import type { AuditFilter } from './audit-search.ts';
import type { SignedIn } from './people-schema.ts';

export type * from './people-schema.ts';

/** Who is signed in here; `null` says nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<SignedIn | null> => {
    try {
      return await expectData(client.GET('/api/session', { signal }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => expectData(client.GET('/api/setup', { signal })).then(({ needed }) => needed),
  retry: false,
});

const of = (organization: number) => ({ params: { query: { organization } } });

export const peopleQuery = (organization: number) =>
  queryOptions({
    queryKey: ['people', organization],
    queryFn: ({ signal }) => expectData(client.GET('/api/people', { ...of(organization), signal })).then(({ people }) => people),
  });

export const invitationsQuery = (organization: number) =>
  queryOptions({
    queryKey: ['invitations', organization],
    queryFn: ({ signal }) =>
      expectData(client.GET('/api/invitations', { ...of(organization), signal })).then(({ invitations }) => invitations),
  });

export const keysQuery = (organization: number) =>
  queryOptions({
    queryKey: ['keys', organization],
    queryFn: ({ signal }) => expectData(client.GET('/api/keys', { ...of(organization), signal })).then(({ keys }) => keys),
  });

export const securityQuery = queryOptions({
  queryKey: ['security'],
  queryFn: ({ signal }) => expectData(client.GET('/api/me/security', { signal })),
});

export const devicesQuery = queryOptions({
  queryKey: ['devices'],
  queryFn: ({ signal }) => expectData(client.GET('/api/me/devices', { signal })).then(({ devices }) => devices),
});

const AUDIT_PAGE = 50;

/** Pages go back in time; each asks for what lies before the last entry known. */
export const auditQuery = (organization: number, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', organization, filter],
    queryFn: ({ signal, pageParam }) => {
      const query = { organization, ...filter, limit: AUDIT_PAGE, ...(pageParam !== undefined && { before: pageParam }) };
      return expectData(client.GET('/api/audit', { params: { query }, signal }));
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => (last.earlier ? last.entries.at(-1)?.number : undefined),
  });

export const checkpointQuery = (organization: number) =>
  queryOptions({
    queryKey: ['checkpoint', organization],
    queryFn: ({ signal }) =>
      expectData(client.GET('/api/audit/checkpoint', { ...of(organization), parseAs: 'text', signal })) as Promise<string>,
  });

/** Asked for again in steady steps, since what an operator sees must be seen while it happens. */
export const grantsQuery = (organization: number) =>
  queryOptions({
    queryKey: ['grants', organization],
    queryFn: ({ signal }) =>
      expectData(client.GET('/api/support-grants', { ...of(organization), signal })).then(({ grants }) => grants),
    refetchInterval: 20_000,
  });
