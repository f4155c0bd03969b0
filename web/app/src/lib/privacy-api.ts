/** Questions about what visitors ask of a site, and the answers. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
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

/** Whom people reach about security and privacy: a `mailto:`, `tel:` or `https:` address. */
export const contactQuery = queryOptions({
  queryKey: ['contact'],
  queryFn: ({ signal }) => expectData(client.GET('/api/contact', { signal })).then(({ contact }) => contact ?? null),
});

export const askSite = (domain: string, body: NewRequest) =>
  expectData(client.POST('/api/privacy/{domain}/requests', { ...of(domain), body }));

export const answerRequest = (domain: string, id: number, answer: 'done' | 'declined', words: string) =>
  expectData(
    client.POST('/api/sites/{domain}/requests/{id}/answer', { params: { path: { domain, id } }, body: { answer, words } }),
  );

/** What there is of a visitor, or was. */
export interface FoundOfVisitor {
  events: number;
  set_aside: number;
  visits: number;
  recordings: number;
  first_day?: string | null;
  last_day?: string | null;
}

/** A visitor who was erased, or is about to be. */
export interface Erasure {
  number: number;
  /** The digest of who it was. */
  visitor: string;
  asked_at: string;
  done_at?: string | null;
  found: FoundOfVisitor;
  receipt?: string | null;
  /** Numbers of the erasures of their further ids; told once. */
  also?: number[];
}

/** What of something goes on a day. */
interface Going {
  on: string;
  count: number;
  bytes_about: number;
}

export interface Retention {
  events: { days?: number | null; next: Going[] };
  recordings: { days?: number | null; next: Going[] };
}

/** The newest first; each page asks for what is below the one before. */
export const erasuresQuery = (domain: string) =>
  infiniteQueryOptions({
    queryKey: ['erasures', domain],
    queryFn: ({ signal, pageParam }): Promise<{ erasures: Erasure[]; next?: number }> =>
      expectData(
        client.GET('/api/sites/{domain}/erasures', { params: { path: { domain }, query: { below: pageParam } }, signal }),
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => last.next,
  });

export const findErasure = (domain: string, id: number): Promise<Erasure> =>
  expectData(client.GET('/api/sites/{domain}/erasures/{id}', { params: { path: { domain, id } } }));

/** Each is a file of its own, as `candor erasure verify` takes it. */
export const receiptName = (domain: string, number: number) => `${domain}-erasure-${number}.txt`;

export const retentionQuery = (domain: string) =>
  queryOptions({
    queryKey: ['retention', domain],
    queryFn: ({ signal }): Promise<Retention> =>
      expectData(client.GET('/api/sites/{domain}/retention', { ...of(domain), signal })),
  });

/** Looks at every store whether what a receipt says is still true. */
export const checkErasure = (domain: string, id: number) =>
  expectData(client.GET('/api/sites/{domain}/erasures/{id}', { params: { path: { domain, id }, query: { check: true } } })).then(
    ({ check }) => check,
  );

export type Language = 'en' | 'de';

/** Wording for the site's own privacy policy. Whoever changes a setting asks for it again. */
export const privacyTextQuery = (domain: string, language: Language) =>
  queryOptions({
    queryKey: ['privacy-text', domain, language],
    queryFn: ({ signal }) =>
      expectData(client.GET('/api/sites/{domain}/privacy-text', { params: { path: { domain }, query: { language } }, signal })),
  });

/** Names that came and of which nothing is kept. */
export const leftOutQuery = (domain: string) =>
  queryOptions({
    queryKey: ['left-out', domain],
    queryFn: ({ signal }) =>
      expectData(client.GET('/api/sites/{domain}/attributes/left-out', { ...of(domain), signal })).then(
        ({ attributes }) => attributes,
      ),
  });
