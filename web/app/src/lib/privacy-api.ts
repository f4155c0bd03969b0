/** Questions about what visitors ask of a site, and the answers. */
import { queryOptions } from '@tanstack/react-query';
import { client, expectData } from './api.ts';

export const REQUEST_KINDS = ['access', 'rectify', 'erase', 'restrict', 'object'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** What a visitor asks. */
export interface VisitorRequest {
  number: number;
  kind: RequestKind;
  asked_at: string;
  due_at: string;
  late: boolean;
  /** Nothing once it is answered. */
  asker: { visitor: string | null; known_as: string; email: string; words: string } | null;
  answer: { answer: 'done' | 'declined'; at: string } | null;
}

export interface NewRequest {
  kind: RequestKind;
  email: string;
  visitor?: string;
  known_as?: string;
  words?: string;
}

const of = (domain: string) => ({ params: { path: { domain } } });

export const requestsQuery = (domain: string) =>
  queryOptions({
    queryKey: ['requests', domain],
    queryFn: ({ signal }): Promise<VisitorRequest[]> =>
      expectData(client.GET('/api/sites/{domain}/requests', { ...of(domain), signal })).then(
        ({ requests }) => requests as VisitorRequest[],
      ),
  });

export const askSite = (domain: string, body: NewRequest) =>
  expectData(client.POST('/api/privacy/{domain}/requests', { ...of(domain), body }));

export const answerRequest = (domain: string, id: number, answer: 'done' | 'declined', words: string) =>
  expectData(
    client.POST('/api/sites/{domain}/requests/{id}/answer', { params: { path: { domain, id } }, body: { answer, words } }),
  );
