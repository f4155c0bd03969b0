/**
 * Questions about heatmaps. Each look at one is written into the audit log, so what was asked once is kept for as long as that log
 * counts it as one look.
 */
import { queryOptions } from '@tanstack/react-query';
import { type Filter, toApiFilter } from './filters.ts';
import type { ClickLayer, Heatmap, ScreenName } from './heat/layers.ts';
import type { ApiRange } from './period.ts';
import { askRecordings, readEvents } from './recordings-api.ts';

export interface ViewsQuestion {
  domain: string;
  range: ApiRange;
  filters: Filter[];
}

export interface HeatQuestion extends ViewsQuestion {
  page: string;
  screen: ScreenName;
}

export interface HeatPage {
  path: string;
  recordings: number;
}

/** A recording in which something happened, and the moment of its first. */
export interface HeatRecording {
  id: string;
  at: number;
  started_at: string;
  visitor: string;
  country: string;
}

const KEPT_MS = 600_000;
const KEPT = {
  staleTime: KEPT_MS,
  gcTime: KEPT_MS,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
  retry: false,
} as const;

function under({ domain, range, filters }: ViewsQuestion, rest: string, more: Record<string, string> = {}): string {
  const search = new URLSearchParams(more);
  if (Array.isArray(range)) {
    search.set('from', range[0]);
    search.set('to', range[1]);
  }
  if (filters.length > 0) search.set('filters', JSON.stringify(filters.map(toApiFilter)));
  return `/api/sites/${encodeURIComponent(domain)}/heatmap${rest}?${search}`;
}

export const pagesQuery = (question: ViewsQuestion) =>
  queryOptions({
    queryKey: ['heatmap pages', question.domain, question],
    queryFn: async ({ signal }): Promise<HeatPage[]> =>
      ((await (await askRecordings(under(question, '/pages'), { signal })).json()) as { pages: HeatPage[] }).pages,
    ...KEPT,
  });

export const heatmapQuery = (question: HeatQuestion) =>
  queryOptions({
    queryKey: ['heatmap', question.domain, question],
    queryFn: async ({ signal }): Promise<Heatmap> => {
      const { page, screen } = question;
      return (await askRecordings(under(question, '', { page, screen }), { signal })).json();
    },
    ...KEPT,
  });

export const heatRecordingsQuery = (question: HeatQuestion, element: number, kind: ClickLayer) =>
  queryOptions({
    queryKey: ['heatmap recordings', question.domain, question, element, kind],
    queryFn: async ({ signal }): Promise<HeatRecording[]> => {
      const { page, screen } = question;
      const path = under(question, '/recordings', { page, screen, element: String(element), kind });
      return ((await (await askRecordings(path, { signal })).json()) as { recordings: HeatRecording[] }).recordings;
    },
    ...KEPT,
  });

/** The scene that a heatmap is drawn over. */
export const backgroundQuery = (domain: string, { recording, at }: { recording: string; at: number }) =>
  queryOptions({
    queryKey: ['heatmap background', domain, recording, at],
    queryFn: ({ signal }) => readEvents(domain, recording, at, signal),
    ...KEPT,
  });
