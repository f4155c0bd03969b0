/** Questions about recordings. Events are read as text: they go to the frame that plays them and mean nothing to this page. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ApiError, client, expectData, send } from './api.ts';
import { type Filter, toApiFilter } from './filters.ts';
import type { ApiRange } from './period.ts';
import { type AnsweredIndex, type RecordingLine, readIndex } from './replay/recording.ts';

/** Whether and how visits of a site are recorded. */
export interface RecordingSettings {
  on: boolean;
  /** Of a hundred visits so many. */
  sample: number;
  text: 'starred' | 'clear';
  retention_days: number;
  idle_minutes: number;
  length_minutes: number;
  in_backups: boolean;
  shown_to_viewers: boolean;
}

export interface RecordingList {
  recordings: RecordingLine[];
  /** From where the earlier ones are asked for. */
  next?: string;
  /** When what the site's pages sent was refused, because a form position held something. */
  alarm?: { first_at: string; last_at: string };
}

export interface RecordingQuestion {
  domain: string;
  range: ApiRange;
  filters: Filter[];
  /** Of one visitor alone. */
  visitor?: string;
}

const under = (domain: string, rest = '') => `/api/sites/${encodeURIComponent(domain)}/recordings${rest}`;

export async function askRecordings(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await send(new Request(new URL(path, location.origin), init)).catch((cause) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('The server cannot be reached.', 0);
  });
  if (response.ok) return response;
  const { error, field } = (await response.json().catch(() => ({}))) as { error?: string; field?: string };
  throw new ApiError(error ?? `The server answered ${response.status}.`, response.status, field);
}

export const recordingsQuery = ({ domain, range, filters, visitor }: RecordingQuestion) =>
  infiniteQueryOptions({
    queryKey: ['recordings', domain, range, filters, visitor],
    queryFn: async ({ signal, pageParam }): Promise<RecordingList> => {
      const search = new URLSearchParams();
      if (filters.length > 0) search.set('filters', JSON.stringify(filters.map(toApiFilter)));
      if (visitor) search.set('visitor', visitor);
      if (Array.isArray(range)) {
        search.set('from', range[0]);
        search.set('to', range[1]);
      }
      if (pageParam) search.set('after', pageParam);
      return (await askRecordings(`${under(domain)}?${search}`, { signal })).json();
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  });

export const recordingQuery = (domain: string, id: string) =>
  queryOptions({
    queryKey: ['recording', domain, id],
    queryFn: async ({ signal }) =>
      readIndex((await (await askRecordings(under(domain, `/${encodeURIComponent(id)}`), { signal })).json()) as AnsweredIndex),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

/** The events of the scene in which a moment is. */
export const readEvents = async (domain: string, id: string, at: number, signal?: AbortSignal): Promise<string> =>
  (await askRecordings(under(domain, `/${encodeURIComponent(id)}/events?from=${at}`), { signal })).text();

export const removeRecording = (domain: string, id: string): Promise<unknown> =>
  askRecordings(under(domain, `/${encodeURIComponent(id)}`), { method: 'DELETE' });

/** Of one visitor all, of whatever time. How many there were. */
export const removeRecordingsOf = async (domain: string, visitor: string): Promise<number> => {
  const answer = await askRecordings(`${under(domain)}?${new URLSearchParams({ visitor })}`, { method: 'DELETE' });
  return ((await answer.json()) as { removed: number }).removed;
};

/** Where the frame is that plays recordings: an origin of its own. Absent where this server has none. */
export const replayQuery = queryOptions({
  queryKey: ['replay'],
  queryFn: ({ signal }) => expectData(client.GET('/api/replay', { signal })).then(({ origin }) => origin ?? null),
  staleTime: Number.POSITIVE_INFINITY,
});
