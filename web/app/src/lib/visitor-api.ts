/**
 * Questions about one visitor. Each look at what is known of somebody is written down, so nothing here is asked for again by
 * itself; and nothing of it stays in the page's memory once it is not shown.
 */
import type { Schemas } from '@candor/api-client';
import { type QueryClient, type QueryKey, queryOptions } from '@tanstack/react-query';
import { client, expectData } from './api.ts';
import { type Erasure, erasuresQuery } from './privacy-api.ts';

export type Visitor = Schemas['Visitor'];
export type Attribute = Schemas['Attribute'];
export type AttributeKind = Schemas['AttributeKind'];
export type Consent = Schemas['Consent'];
/** What erasing somebody would take out. */
export type Preview = Schemas['ErasurePreview'];
/** A value as the server takes it; nothing has it removed. */
export type Value = string | number | boolean | null;

/** Whoever is meant by an id, with what there is of them. */
export interface Meant {
  visitor: string;
  /** Whether anything is kept of them beside what they did. */
  identified: boolean;
  preview: Preview;
}

const ONCE = { staleTime: Number.POSITIVE_INFINITY, gcTime: 0 } as const;
const of = (domain: string, visitor: string) => ({ params: { path: { domain, visitor } } });

export const visitorQuery = (domain: string, visitor: string) =>
  queryOptions({
    queryKey: ['visitor', domain, visitor],
    queryFn: ({ signal }): Promise<Visitor> =>
      expectData(client.GET('/api/sites/{domain}/visitors/{visitor}', { ...of(domain, visitor), signal })),
    ...ONCE,
  });

export const previewQuery = (domain: string, visitor: string) =>
  queryOptions({
    queryKey: ['preview', domain, visitor],
    queryFn: ({ signal }): Promise<Preview> =>
      expectData(client.GET('/api/sites/{domain}/visitors/{visitor}/erasure', { ...of(domain, visitor), signal })),
    ...ONCE,
  });

/** Whoever is meant by a UUID or by what the site calls them, and is known or was seen. */
export async function findVisitors(domain: string, id: string): Promise<Meant[]> {
  const asked = { params: { path: { domain }, query: { id } } };
  const { visitors } = await expectData(client.GET('/api/sites/{domain}/visitors', asked));
  const looked = visitors.map(async ({ visitor, identified }) => {
    const preview = await expectData(client.GET('/api/sites/{domain}/visitors/{visitor}/erasure', of(domain, visitor)));
    return { visitor, identified, preview };
  });
  const isThere = ({ identified, preview: { found } }: Meant) =>
    identified || found.events + found.set_aside + found.recordings > 0;
  return (await Promise.all(looked)).filter(isThere);
}

/** Corrects attributes. An address needs the receipt of a consent. */
export const correctVisitor = (domain: string, visitor: string, attributes: Record<string, Value>, receipt?: string) =>
  expectData(
    client.PATCH('/api/sites/{domain}/visitors/{visitor}/attributes', {
      ...of(domain, visitor),
      body: { attributes, ...(receipt && { receipt }) },
    }),
  );

export const giveConsent = (domain: string, body: Schemas['NewConsent']) =>
  expectData(client.POST('/api/sites/{domain}/consents', { params: { path: { domain } }, body }));

export const withdrawConsent = (domain: string, receipt: string) =>
  expectData(client.POST('/api/sites/{domain}/consents/{id}/withdrawal', { params: { path: { domain, id: receipt } } }));

/** Everything that is kept of a visitor, as one ZIP. What breaks off is nothing. */
export const takeAccess = (domain: string, visitor: string) =>
  expectData(
    client.GET('/api/sites/{domain}/visitors/{visitor}/access', { ...of(domain, visitor), parseAs: 'blob' }),
  ) as unknown as Promise<Blob>;

/** Whether a visitor is in reports. What is kept stays either way. */
export const restrictVisitor = (domain: string, visitor: string, on: boolean): Promise<unknown> => {
  const path = '/api/sites/{domain}/visitors/{visitor}/restriction';
  return expectData(on ? client.PUT(path, of(domain, visitor)) : client.DELETE(path, of(domain, visitor)));
};

/** Whether a visitor objects: then what they do is not kept, from the next event on. */
export const objectVisitor = (domain: string, visitor: string, on: boolean): Promise<unknown> => {
  const path = '/api/sites/{domain}/visitors/{visitor}/objection';
  return expectData(on ? client.PUT(path, of(domain, visitor)) : client.DELETE(path, of(domain, visitor)));
};

export const eraseVisitor = (domain: string, visitor: string): Promise<Erasure> =>
  expectData(client.POST('/api/sites/{domain}/visitors/{visitor}/erasure', of(domain, visitor)));

/** What counts visitors of a site or shows them. */
const SHOWING = ['report', 'details', 'recordings', 'heatmap pages', 'heatmap', 'heatmap recordings'];
/** What is of one visitor alone: it stays in memory for a while after it was looked at. */
const SHOWN = ['recording', 'heatmap background'];

/** What is not true any more once somebody is in reports or is not. */
export const afterRestricting = (domain: string): QueryKey[] => SHOWING.map((what) => [what, domain]);

/** What is not true any more once somebody was erased. */
export const afterErasing = (domain: string): QueryKey[] => [
  erasuresQuery(domain).queryKey,
  ['retention', domain],
  ...afterRestricting(domain),
];

/** Lets go of what may be somebody's who was erased. */
export function letGoOfShown(queries: QueryClient, domain: string): void {
  for (const what of SHOWN) queries.removeQueries({ queryKey: [what, domain] });
}
