/** What can be asked under a support grant: by the fields it names or by time, in measures that go with them, within its days. */
import { DIMENSIONS, type Dimension, type DimensionKey } from '../lib/dimensions.ts';
import type { Metric } from '../lib/metrics.ts';

export type By = 'total' | 'time' | 'property' | DimensionKey;

const BYS_OF_FIELD: Record<string, readonly By[]> = {
  page: ['page', 'entry', 'exit', 'hostname'],
  source: ['source', 'channel', 'referrer'],
  campaign: ['campaign', 'utm_source', 'medium', 'content', 'term'],
  country: ['country'],
  device: ['device', 'browser', 'os', 'screen', 'language'],
  event: ['event'],
  property: ['property'],
};

export function listBys(fields: readonly string[]): By[] {
  return ['time', 'total', ...fields.flatMap((field) => BYS_OF_FIELD[field] ?? [])];
}

export function dimensionOf(by: By): Dimension | undefined {
  return by === 'total' || by === 'time' || by === 'property' ? undefined : DIMENSIONS[by];
}

export const MEASURES = {
  reach: ['visitors', 'visits', 'pageviews'],
  stay: ['visitors', 'bounce_rate', 'visit_duration'],
  reading: ['visitors', 'time_on_page', 'scroll_depth'],
  events: ['visitors', 'events'],
} as const satisfies Record<string, readonly Metric[]>;
export type Measure = keyof typeof MEASURES;

/** Whole visits are not told by events, and reading is told of pages alone. */
export function listMeasures(by: By): Measure[] {
  const ofEvents = by === 'event' || by === 'property';
  return (Object.keys(MEASURES) as Measure[]).filter((measure) =>
    measure === 'stay' ? !ofEvents : measure === 'reading' ? by === 'page' : true,
  );
}

const DAYS = [1, 7, 30, 90];

export function listDays(most: number): number[] {
  return [...DAYS.filter((days) => days < most), most];
}

export interface ViewQuestion {
  metrics: readonly Metric[];
  dimensions: string[];
  date_range: string;
  pagination?: { limit: number };
}

/** As many as are read; over time there are as many as there are days. */
export const ROWS_MAX = 100;

export function makeQuestion(by: By, property: string, measure: Measure, days: number): ViewQuestion {
  const named = by === 'property' ? `event:props:${property.trim()}` : dimensionOf(by)?.api;
  const dimensions = by === 'time' ? ['time'] : named ? [named] : [];
  return {
    metrics: MEASURES[measure],
    dimensions,
    date_range: `${days}d`,
    ...(named && { pagination: { limit: ROWS_MAX } }),
  };
}
