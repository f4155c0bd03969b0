/** Periods and comparisons in words. */
import { countDays, localTime } from './days.ts';
import { formatSpan } from './format.ts';
import { type Comparison, type Moment, type Period, type Preset, type Range, resolvePeriod } from './period.ts';

export const PRESET_WORDS: Record<Preset, string> = {
  today: 'Today',
  yesterday: 'Yesterday',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '28d': 'Last 28 days',
  '91d': 'Last 91 days',
  month: 'Month to date',
  last_month: 'Last month',
  year: 'Year to date',
  '12mo': 'Last 12 months',
  all: 'All time',
};

export function namePeriod(period: Period): string {
  if (Object.hasOwn(PRESET_WORDS, period)) return PRESET_WORDS[period as Preset];
  const [from, to] = period.split('_') as [string, string];
  return formatSpan(from, to);
}

/** The days a range covers; for the last hours and for everything, words. */
export function nameRange(range: Range): string {
  if (range.kind === 'days') return formatSpan(range.from, range.to);
  return range.kind === 'hours' ? 'Last 24 hours' : 'All time';
}

/** "compared with the 28 days before, to the same time". */
export function nameComparison(period: Period, comparison: Comparison, moment: Moment): string {
  const range = resolvePeriod(period, moment);
  if (comparison === 'off' || range.kind === 'all') return '';
  const running = range.kind === 'days' && range.to === localTime(moment.now, moment.zone).day;
  const clipped = running ? ', to the same time of day' : '';
  if (comparison === 'year') return `compared with a year earlier${clipped}`;
  if (range.kind === 'hours') return 'compared with the 24 hours before';
  const months: Partial<Record<Period, string>> = {
    month: 'the month before',
    last_month: 'the month before',
    year: 'the year before',
    '12mo': 'the 12 months before',
  };
  const days = countDays(range.from, range.to);
  const before = months[period] ?? (days === 1 ? 'the day before' : `the ${days} days before`);
  return `compared with ${before}${clipped}`;
}
