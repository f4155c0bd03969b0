/** The state of the report screen as the URL keeps it: readable, checked on the way in, defaults left out. */
import { type DimensionKey, isDimension } from './dimensions.ts';
import { readFilter, writeFilter } from './filters.ts';
import { INTERVALS, type Interval } from './interval.ts';
import { DEFAULT_METRIC, type HeadlineMetric, isHeadlineMetric } from './metrics.ts';
import { COMPARISONS, type Comparison, DEFAULT_COMPARISON, DEFAULT_PERIOD, type Period, parsePeriod } from './period.ts';

export interface ReportSearch {
  period?: Period;
  compare?: Comparison;
  metric?: HeadlineMetric;
  interval?: Interval;
  /** Filters, each as `writeFilter` writes it. */
  f?: string[];
  /** Which list a panel with several shows. */
  pages?: DimensionKey;
  sources?: DimensionKey;
  places?: DimensionKey;
  devices?: DimensionKey;
  /** The dimension whose details are open, and how they are searched, sorted and turned. */
  details?: DimensionKey;
  q?: string;
  sort?: string;
  page?: number;
}

const oneOf = <T extends string>(known: readonly T[], value: unknown): T | undefined =>
  (known as readonly unknown[]).includes(value) ? (value as T) : undefined;

const unlessDefault = <T>(value: T | undefined, byDefault: T): T | undefined => (value === byDefault ? undefined : value);

/** Takes whatever stands in the URL and keeps what means something. */
export function readReportSearch(raw: Record<string, unknown>): ReportSearch {
  const filters = [raw.f ?? []].flat().map(readFilter);
  const search: ReportSearch = {
    period: unlessDefault(parsePeriod(raw.period), DEFAULT_PERIOD),
    compare: unlessDefault(oneOf(COMPARISONS, raw.compare), DEFAULT_COMPARISON),
    metric: isHeadlineMetric(raw.metric) ? unlessDefault(raw.metric, DEFAULT_METRIC) : undefined,
    interval: oneOf(INTERVALS, raw.interval),
    f: filters.filter((filter) => filter !== undefined).map(writeFilter),
    details: isDimension(raw.details) ? raw.details : undefined,
  };
  for (const panel of ['pages', 'sources', 'places', 'devices'] as const) {
    const tab = raw[panel];
    if (isDimension(tab)) search[panel] = tab;
  }
  if (search.details) {
    if (typeof raw.q === 'string' && raw.q) search.q = raw.q.slice(0, 200);
    if (typeof raw.sort === 'string' && /^[a-z_]+:(asc|desc)$/.test(raw.sort)) search.sort = raw.sort;
    const page = Number(raw.page);
    if (Number.isInteger(page) && page > 1) search.page = page;
  }
  if (search.f?.length === 0) delete search.f;
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

/** What the list of recordings keeps of it. */
export interface RecordingsSearch {
  period?: Period;
  f?: string[];
  /** Of one visitor alone. */
  visitor?: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function readRecordingsSearch(raw: Record<string, unknown>): RecordingsSearch {
  const { period, f } = readReportSearch(raw);
  const visitor = typeof raw.visitor === 'string' && UUID.test(raw.visitor) ? raw.visitor : undefined;
  return { ...(period && { period }), ...(f && { f }), ...(visitor && { visitor }) };
}

/** `?period=7d&f=is:page:/pricing`, as a record; a key that occurs more than once becomes an array. */
export function parseQueryString(text: string): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const known = result[key];
    result[key] = known === undefined ? value : [known, value].flat();
  }
  return result;
}

export function writeQueryString(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [value].flat().map((each) => `${readable(key)}=${readable(String(each))}`),
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

/** Percent-encoding that leaves `/ : ,` alone, so that a copied link can be read. */
const readable = (text: string) => encodeURIComponent(text).replace(/%(2F|3A|2C)/g, decodeURIComponent);
