/** The measures of a report: their names, how they are written, and which way is good. */
import { formatCompact, formatDuration, formatPercent } from './format.ts';

export const HEADLINE_METRICS = ['visitors', 'visits', 'pageviews', 'views_per_visit', 'bounce_rate', 'visit_duration'] as const;
export type HeadlineMetric = (typeof HEADLINE_METRICS)[number];
export type Metric = HeadlineMetric | 'events' | 'percentage' | 'scroll_depth' | 'time_on_page';
export const DEFAULT_METRIC: HeadlineMetric = 'visitors';

interface MetricInfo {
  label: string;
  /** Narrow columns. */
  short: string;
  /** What it means, in one sentence. */
  meaning: string;
  better: 'more' | 'less';
  format: (value: number) => string;
}

const info = (
  label: string,
  short: string,
  meaning: string,
  format: MetricInfo['format'] = formatCompact,
  better: MetricInfo['better'] = 'more',
): MetricInfo => ({ label, short, meaning, better, format });

const METRICS: Record<Metric, MetricInfo> = {
  visitors: info('Visitors', 'Visitors', 'Distinct browsers or people with at least one event.'),
  visits: info('Visits', 'Visits', 'Runs of events with no gap of 30 minutes or more.'),
  pageviews: info('Page views', 'Views', 'Pages opened, reloads included.'),
  views_per_visit: info('Views per visit', 'Views/visit', 'Page views divided by visits.', (value) => value.toFixed(2)),
  bounce_rate: info(
    'Bounce rate',
    'Bounce',
    'Visits with one page view and no interaction.',
    (value) => formatPercent(value, 0),
    'less',
  ),
  visit_duration: info('Visit duration', 'Duration', 'From the first to the last event, on average.', formatDuration),
  events: info('Events', 'Events', 'Everything that happened, page views included.'),
  percentage: info('Share', '%', 'Share of all visitors.', (value) => formatPercent(value, 1)),
  scroll_depth: info('Scroll depth', 'Scroll', 'How far down visitors read, on average.', (value) => formatPercent(value, 0)),
  time_on_page: info('Time on page', 'Time', 'Time the page was in the foreground, per visit.', formatDuration),
};

export function metric(name: Metric): MetricInfo {
  return METRICS[name];
}

export function isMetric(text: unknown): text is Metric {
  return typeof text === 'string' && Object.hasOwn(METRICS, text);
}

export function isHeadlineMetric(text: unknown): text is HeadlineMetric {
  return (HEADLINE_METRICS as readonly unknown[]).includes(text);
}

/** A value as it is shown; a measure that is not known is a dash, never a zero. */
export function formatMetric(name: Metric, value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : METRICS[name].format(value);
}

/** The change against the compared value. Nothing can be said when either is unknown or the base is zero. */
export function compareValues(name: Metric, value: number | null, base: number | null | undefined): Change | undefined {
  if (value === null || base === null || base === undefined) return undefined;
  if (base === 0) return value === 0 ? { kind: 'same' } : { kind: 'new' };
  const ratio = name === 'bounce_rate' ? (value - base) / 100 : (value - base) / base;
  const shown = Math.round(ratio * 100);
  if (shown === 0) return { kind: 'same' };
  const up = shown > 0;
  const good = (METRICS[name].better === 'more') === up;
  return { kind: up ? 'up' : 'down', good, amount: Math.abs(shown), unit: name === 'bounce_rate' ? 'points' : 'percent' };
}

export type Change =
  | { kind: 'same' }
  | { kind: 'new' }
  | { kind: 'up' | 'down'; good: boolean; amount: number; unit: 'percent' | 'points' };
