/** Periods as the URL names them, the days they mean, and what each is compared with. Pure: now and zone are handed in. */
import {
  addDays,
  addMonths,
  countDays,
  type Day,
  earlierDay,
  instantOf,
  isDay,
  type LocalTime,
  localTime,
  startOfMonth,
  startOfYear,
} from './days.ts';

export const PRESETS = ['today', 'yesterday', '24h', '7d', '28d', '91d', 'month', 'last_month', 'year', '12mo', 'all'] as const;
export type Preset = (typeof PRESETS)[number];
/** A preset, or two days joined by `_`. */
export type Period = Preset | `${Day}_${Day}`;
export const DEFAULT_PERIOD: Period = '28d';

export const COMPARISONS = ['previous', 'year', 'off'] as const;
export type Comparison = (typeof COMPARISONS)[number];
export const DEFAULT_COMPARISON: Comparison = 'previous';

/** Whole days, both included; or the last 24 hours; or everything there is. */
export type Range = { kind: 'days'; from: Day; to: Day } | { kind: 'hours'; from: Date; to: Date } | { kind: 'all' };
export type ApiRange = string | [string, string];

export interface Moment {
  now: Date;
  zone: string;
}

export function parsePeriod(text: unknown): Period | undefined {
  if (typeof text !== 'string') return undefined;
  if ((PRESETS as readonly string[]).includes(text)) return text as Preset;
  const [from = '', to = '', ...rest] = text.split('_');
  return rest.length === 0 && isDay(from) && isDay(to) && from <= to ? `${from}_${to}` : undefined;
}

export function resolvePeriod(period: Period, { now, zone }: Moment): Range {
  const today = localTime(now, zone).day;
  const days = (from: Day, to: Day = today): Range => ({ kind: 'days', from, to });
  switch (period) {
    case 'today':
      return days(today);
    case 'yesterday':
      return days(addDays(today, -1), addDays(today, -1));
    case '24h': {
      const hour = Math.floor(now.getTime() / 3_600_000) * 3_600_000;
      return { kind: 'hours', from: new Date(hour - 23 * 3_600_000), to: now };
    }
    case '7d':
    case '28d':
    case '91d':
      return days(addDays(today, 1 - Number.parseInt(period, 10)));
    case 'month':
      return days(startOfMonth(today));
    case 'last_month':
      return days(startOfMonth(addMonths(today, -1)), addDays(startOfMonth(today), -1));
    case 'year':
      return days(startOfYear(today));
    case '12mo':
      return days(startOfMonth(addMonths(today, -11)));
    case 'all':
      return { kind: 'all' };
    default: {
      const [from, to] = period.split('_') as [Day, Day];
      return days(from, to);
    }
  }
}

/** The range a period is compared with, as long as the period itself. There is none for everything. */
export function resolveComparison(period: Period, comparison: Comparison, moment: Moment): Range | undefined {
  const range = resolvePeriod(period, moment);
  if (comparison === 'off' || range.kind === 'all') return undefined;
  if (range.kind === 'hours') {
    const back = comparison === 'year' ? 364 : 1;
    const shift = (date: Date) => new Date(date.getTime() - back * 86_400_000);
    return { kind: 'hours', from: shift(range.from), to: shift(range.to) };
  }
  if (comparison === 'year') return { kind: 'days', from: addMonths(range.from, -12), to: addMonths(range.to, -12) };
  const months = { month: 1, last_month: 1, year: 12, '12mo': 12 }[period as string];
  if (period === 'last_month') return { kind: 'days', from: addMonths(range.from, -1), to: addDays(range.from, -1) };
  if (months) return { kind: 'days', from: addMonths(range.from, -months), to: addMonths(range.to, -months) };
  const length = countDays(range.from, range.to);
  return { kind: 'days', from: addDays(range.from, -length), to: addDays(range.to, -length) };
}

/**
 * What a comparison of totals may cover. While the period still runs, its counterpart ends at the same time of day:
 * a morning is not compared with a whole day.
 */
export function clipComparison(period: Period, compared: Range, moment: Moment): ApiRange {
  const range = resolvePeriod(period, moment);
  const here = localTime(moment.now, moment.zone);
  if (range.kind !== 'days' || compared.kind !== 'days' || range.to !== here.day) return toApiRange(compared);
  const at = (time: LocalTime) => toSeconds(instantOf(time, moment.zone));
  return [at({ day: compared.from, hour: 0, minute: 0 }), at({ ...here, day: compared.to })];
}

export function toApiRange(range: Range): ApiRange {
  if (range.kind === 'all') return 'all';
  if (range.kind === 'days') return [range.from, range.to];
  return [toSeconds(range.from), toSeconds(range.to)];
}

const toSeconds = (instant: Date) => `${instant.toISOString().slice(0, 19)}Z`;

/** The period of the same length just before or after; nothing where that makes no sense or lies ahead. */
export function shiftPeriod(period: Period, step: -1 | 1, moment: Moment): Period | undefined {
  const range = resolvePeriod(period, moment);
  if (range.kind !== 'days') return undefined;
  const whole = period === 'month' || period === 'last_month';
  const length = countDays(range.from, range.to) * step;
  const from = whole ? addMonths(range.from, step) : addDays(range.from, length);
  const to = whole ? addDays(addMonths(from, 1), -1) : addDays(range.to, length);
  const today = localTime(moment.now, moment.zone).day;
  if (from > today) return undefined;
  return `${from}_${earlierDay(to, today)}`;
}
