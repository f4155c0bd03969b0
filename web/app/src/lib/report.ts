/** Builds the one request that answers the whole screen, and reads its answer back by name. Pure. */
import type { Schemas } from '@candor/api-client';
import { DIMENSIONS, type DimensionKey } from './dimensions.ts';
import { type Filter, toApiFilter } from './filters.ts';
import type { Interval } from './interval.ts';
import { HEADLINE_METRICS, type HeadlineMetric } from './metrics.ts';
import {
  type Comparison,
  clipComparison,
  type Moment,
  type Period,
  resolveComparison,
  resolvePeriod,
  toApiRange,
} from './period.ts';

type Query = Schemas['Query'];
type QueryResult = Schemas['QueryResult'];

/** The lists on the screen, in the order in which they are asked. */
export const PANEL_DIMENSIONS = [
  'page',
  'entry',
  'exit',
  'source',
  'channel',
  'campaign',
  'country',
  'language',
  'browser',
  'os',
  'device',
  'screen',
  'event',
] as const satisfies readonly DimensionKey[];
export type PanelDimension = (typeof PANEL_DIMENSIONS)[number];

export const PANEL_ROWS = 10;
/** The map colours every country, so its list is asked whole. */
const COUNTRY_ROWS = 260;

export interface ReportQuestion {
  domain: string;
  period: Period;
  comparison: Comparison;
  interval: Interval;
  filters: Filter[];
}

export type Values = Record<HeadlineMetric, number | null>;

export interface Bucket {
  label: string;
  values: Values;
}

export interface Row {
  name: string;
  visitors: number;
  /** Only for events: how often it happened. */
  events?: number;
}

export interface Report {
  totals: Values & { events: number };
  series: Bucket[];
  compared?: { totals: Values; series: Bucket[] };
  panels: Record<PanelDimension, Row[]>;
}

const TOTALS = [...HEADLINE_METRICS, 'events'];

export function buildReportQueries(question: ReportQuestion, moment: Moment): Query[] {
  const compared = resolveComparison(question.period, question.comparison, moment);
  const base = {
    site_id: question.domain,
    date_range: toApiRange(resolvePeriod(question.period, moment)),
    filters: question.filters.map(toApiFilter),
  };
  const series = { metrics: [...HEADLINE_METRICS], dimensions: [`time:${question.interval}`], include: { time_labels: true } };
  const queries: Query[] = [
    { ...base, metrics: TOTALS },
    { ...base, ...series },
  ];
  for (const key of PANEL_DIMENSIONS) {
    queries.push({
      ...base,
      metrics: key === 'event' ? ['events', 'visitors'] : ['visitors'],
      dimensions: [DIMENSIONS[key].api],
      pagination: { limit: key === 'country' ? COUNTRY_ROWS : PANEL_ROWS, offset: 0 },
    });
  }
  if (compared) {
    queries.push({ ...base, metrics: TOTALS, date_range: clipComparison(question.period, compared, moment) });
    queries.push({ ...base, ...series, date_range: toApiRange(compared) });
  }
  return queries;
}

export function readReport(results: QueryResult[]): Report {
  const [totals, series, ...rest] = results;
  if (!totals || !series || rest.length < PANEL_DIMENSIONS.length)
    throw new Error('The server answered fewer queries than were asked.');
  const panels = Object.fromEntries(PANEL_DIMENSIONS.map((key, index) => [key, readRows(key, rest[index]!)]));
  const [comparedTotals, comparedSeries] = rest.slice(PANEL_DIMENSIONS.length);
  const metrics = totals.results[0]?.metrics ?? [];
  return {
    totals: { ...readValues(metrics), events: metrics[HEADLINE_METRICS.length] ?? 0 },
    series: readSeries(series),
    compared:
      comparedTotals && comparedSeries
        ? { totals: readValues(comparedTotals.results[0]?.metrics ?? []), series: readSeries(comparedSeries) }
        : undefined,
    panels: panels as Report['panels'],
  };
}

function readRows(key: PanelDimension, result: QueryResult): Row[] {
  return result.results.map(({ dimensions, metrics }) => {
    const [first, second] = metrics;
    const name = dimensions[0] ?? '';
    return key === 'event' ? { name, events: first ?? 0, visitors: second ?? 0 } : { name, visitors: first ?? 0 };
  });
}

/** Buckets without events are absent from an answer; the labels say which there are. */
function readSeries(result: QueryResult): Bucket[] {
  const found = new Map(result.results.map((row) => [row.dimensions[0] ?? '', row.metrics]));
  const labels = result.meta.time_labels ?? [...found.keys()];
  return labels.map((label) => ({ label, values: readValues(found.get(label) ?? []) }));
}

const COUNTED: ReadonlySet<HeadlineMetric> = new Set(['visitors', 'visits', 'pageviews']);

/** Counts of nothing are zero; averages over no visits are unknown, even where the server says zero. */
function readValues(metrics: readonly (number | null)[]): Values {
  const visits = metrics[HEADLINE_METRICS.indexOf('visits')] ?? 0;
  const read = (name: HeadlineMetric, value: number | null | undefined) => {
    if (COUNTED.has(name)) return value ?? 0;
    return visits === 0 ? null : (value ?? null);
  };
  return Object.fromEntries(HEADLINE_METRICS.map((name, index) => [name, read(name, metrics[index])])) as Values;
}
