/** Questions about the data-processing agreement of an organization. */
import type { Schemas } from '@candor/api-client';
import { queryOptions } from '@tanstack/react-query';
import { client, expectData } from './api.ts';

export type Agreement = Schemas['Agreement'];

const of = (id: number) => ({ params: { path: { id } } });

export const agreementQuery = (organization: number) =>
  queryOptions({
    queryKey: ['agreement', organization],
    queryFn: ({ signal }): Promise<Agreement> =>
      expectData(client.GET('/api/organizations/{id}/agreement', { ...of(organization), signal })),
  });

/** The version is that which was read: another one that came meanwhile is not accepted by it. */
export const acceptAgreement = (organization: number, version: string): Promise<Agreement> =>
  expectData(client.POST('/api/organizations/{id}/agreement', { ...of(organization), body: { version } }));
