/** The buckets of the time series: which fit a range, which one is still filling, and the days one stands for. */
import { addDays, addMonths, countDays, type Day, earlierDay, localTime, startOfMonth, startOfWeek } from './days.ts';
import type { Moment, Period, Range } from './period.ts';

export const INTERVALS = ['hour', 'day', 'week', 'month'] as const;
export type Interval = (typeof INTERVALS)[number];

export function fittingIntervals(range: Range): Interval[] {
  if (range.kind === 'hours') return ['hour'];
  if (range.kind === 'all') return ['day', 'week', 'month'];
  const days = countDays(range.from, range.to);
  return INTERVALS.filter((interval) => {
    if (interval === 'hour') return days <= 14;
    if (interval === 'day') return days > 1 && days <= 400;
    return interval === 'week' ? days > 7 : days > 31;
  });
}

/** The interval that was asked for, if it fits the range; else the one that draws it best. */
export function chooseInterval(range: Range, asked?: Interval): Interval {
  const fitting = fittingIntervals(range);
  if (asked && fitting.includes(asked)) return asked;
  if (range.kind === 'hours') return 'hour';
  if (range.kind === 'all') return 'week';
  const days = countDays(range.from, range.to);
  if (days <= 2) return 'hour';
  if (days <= 120) return 'day';
  return days <= 400 ? 'week' : 'month';
}

/** Labels come as `2026-11-22` or `2026-11-22 14:00:00`. */
export function readLabel(label: string): { day: Day; hour: number } {
  return { day: label.slice(0, 10), hour: Number(label.slice(11, 13) || 0) };
}

/** Whether the bucket is over, is filling now, or has not begun. */
export function bucketState(label: string, interval: Interval, { now, zone }: Moment): 'over' | 'filling' | 'ahead' {
  const here = localTime(now, zone);
  const { day, hour } = readLabel(label);
  if (interval === 'hour') {
    if (day !== here.day) return day < here.day ? 'over' : 'ahead';
    if (hour === here.hour) return 'filling';
    return hour < here.hour ? 'over' : 'ahead';
  }
  const [from, to] = bucketDays(label, interval);
  if (here.day > to) return 'over';
  return here.day < from ? 'ahead' : 'filling';
}

/** The first and last day of a bucket. */
export function bucketDays(label: string, interval: Interval): [Day, Day] {
  const { day } = readLabel(label);
  if (interval === 'week') return [day, addDays(startOfWeek(day), 6)];
  if (interval === 'month') return [day, addDays(addMonths(startOfMonth(day), 1), -1)];
  return [day, day];
}

/** The period to look into when a bucket is chosen; an hour cannot be split further. */
export function bucketPeriod(label: string, interval: Interval, { now, zone }: Moment): Period | undefined {
  if (interval === 'hour') return undefined;
  const [from, to] = bucketDays(label, interval);
  return `${from}_${earlierDay(to, localTime(now, zone).day)}`;
}
