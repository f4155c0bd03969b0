/** The words of the time series, and how its buckets are called. */
import { formatDay, formatDayYear, formatHour, formatMonth, formatMonthShort, formatWeekday } from '../../lib/format.ts';
import { bucketDays, type Interval, readLabel } from '../../lib/interval.ts';

/** Short, under the axis. */
export function nameTick(label: string, interval: Interval, severalDays: boolean): string {
  const { day, hour } = readLabel(label);
  if (interval === 'hour') return severalDays && hour === 0 ? formatDay(day) : formatHour(hour);
  return interval === 'month' ? formatMonthShort(day) : formatDay(day);
}

/** In full, for the cursor and the table. */
export function nameBucket(label: string, interval: Interval): string {
  const { day, hour } = readLabel(label);
  if (interval === 'hour') return `${formatWeekday(day)}, ${formatHour(hour)}`;
  if (interval === 'day') return formatWeekday(day);
  if (interval === 'month') return formatMonth(day);
  const [from, to] = bucketDays(label, interval);
  return `${formatDay(from)} – ${formatDayYear(to)}`;
}

/** Beside a line a value is round: 20m says as much as 20m 00s. */
export const nameTickValue = (text: string) => text.replace(/ 00[ms]$/, '');

export const FILLING_WORDS: Record<Interval, string> = {
  hour: 'this hour, still filling',
  day: 'today, still filling',
  week: 'this week, still filling',
  month: 'this month, still filling',
};

export const INTERVAL_WORDS: Record<Interval, string> = { hour: 'Hour', day: 'Day', week: 'Week', month: 'Month' };

export const WORDS = {
  overTime: (metric: string) => `${metric} over time`,
  caption: (metric: string) => `${metric} over time. Arrow keys move along, Enter looks closer; a table follows.`,
  none: 'No data yet',
  time: 'Time',
  before: 'Before',
  closer: 'Click to look closer',
  buckets: 'Size of the buckets',
} as const;
