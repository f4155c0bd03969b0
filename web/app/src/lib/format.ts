/** Numbers, times and days as people read them, in English; everything goes through Intl, so a locale is one argument. */
import type { Day } from './days.ts';

const LOCALE = 'en';
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });
const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
const dayMonth = date({ day: 'numeric', month: 'short' });
const dayMonthYear = date({ day: 'numeric', month: 'short', year: 'numeric' });
const weekday = date({ weekday: 'short', day: 'numeric', month: 'short' });
const monthYear = date({ month: 'long', year: 'numeric' });
const monthOnly = date({ month: 'short' });
const at = (day: Day) => new Date(`${day}T00:00:00Z`);

export const formatExact = (value: number) => whole.format(value);

/** So many of something, in the word for one or for more. */
export const formatSome = (count: number, one: string, many: string) => `${formatExact(count)} ${count === 1 ? one : many}`;

/** 9,999 stays as it is; from there on three digits and a unit: 12.4k, 184k, 1.26M. Rounds down never past the next unit. */
export function formatCompact(value: number): string {
  const size = Math.abs(value);
  if (size < 10_000) return whole.format(value);
  for (const [unit, word] of [
    [1e3, 'k'],
    [1e6, 'M'],
    [1e9, 'B'],
  ] as const) {
    const scaled = size / unit;
    const text = scaled < 9.995 ? scaled.toFixed(2) : scaled < 99.95 ? scaled.toFixed(1) : scaled.toFixed(0);
    if (Number(text) < 1000 || word === 'B') return `${value < 0 ? '−' : ''}${text}${word}`;
  }
  return whole.format(value);
}

export const formatPercent = (value: number, digits: number) => `${value.toFixed(digits)}%`;

/** 48s, 3m 07s, 1h 04m. */
export function formatDuration(secondsTotal: number): string {
  const seconds = Math.round(secondsTotal);
  const two = (value: number) => String(value).padStart(2, '0');
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h ${two(Math.floor((seconds % 3600) / 60))}m`;
}

export const formatDay = (day: Day) => dayMonth.format(at(day));
export const formatDayYear = (day: Day) => dayMonthYear.format(at(day));
export const formatWeekday = (day: Day) => weekday.format(at(day)).replace(',', '');
export const formatMonth = (day: Day) => monthYear.format(at(day));
export const formatMonthShort = (day: Day) => monthOnly.format(at(day));
export const formatHour = (hour: number) => `${String(hour).padStart(2, '0')}:00`;

/** 26 Oct – 22 Nov 2026; the year of the first day only where it differs. */
export function formatSpan(from: Day, to: Day): string {
  if (from === to) return formatDayYear(from);
  const start = from.slice(0, 4) === to.slice(0, 4) ? formatDay(from) : formatDayYear(from);
  return `${start} – ${formatDayYear(to)}`;
}

/** How long ago, in one unit. */
export function formatAgo(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

export function formatClock(instant: Date): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(instant);
}

const dated = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const timed = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const DAY_MS = 86_400_000;

/** An instant as a day and a time of this browser's clock. */
export const formatInstant = (iso: string) => timed.format(new Date(iso));
export const formatDate = (iso: string) => dated.format(new Date(iso));

/** Within a day how long ago, before that on which day. */
export function formatSince(iso: string, now: number): string {
  const past = now - Date.parse(iso);
  return past < DAY_MS ? formatAgo(past) : formatDate(iso);
}
