/** Calendar days as `YYYY-MM-DD` texts, and the one place that knows what time it is in a site's zone. Reads no clock itself. */

export type Day = string;

const DAY_MS = 86_400_000;
const toDate = (day: Day) => new Date(`${day}T00:00:00Z`);
const toDay = (date: Date): Day => date.toISOString().slice(0, 10);

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(toDate(text).getTime()) && toDay(toDate(text)) === text;
}

export function addDays(day: Day, count: number): Day {
  return toDay(new Date(toDate(day).getTime() + count * DAY_MS));
}

/** Adds months and keeps inside the month: 31 March minus one month is the last day of February. */
export function addMonths(day: Day, count: number): Day {
  const date = toDate(day);
  const target = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1));
  const last = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(date.getUTCDate(), last));
  return toDay(target);
}

/** The number of days from the first to the last, both included. */
export function countDays(from: Day, to: Day): number {
  return Math.round((toDate(to).getTime() - toDate(from).getTime()) / DAY_MS) + 1;
}

export const earlierDay = (a: Day, b: Day): Day => (a < b ? a : b);
export const startOfMonth = (day: Day): Day => `${day.slice(0, 7)}-01`;
export const startOfYear = (day: Day): Day => `${day.slice(0, 4)}-01-01`;

/** The Monday of the day's week. */
export function startOfWeek(day: Day): Day {
  return addDays(day, -((toDate(day).getUTCDay() + 6) % 7));
}

export interface LocalTime {
  day: Day;
  hour: number;
  minute: number;
}

/** What a clock on the wall shows in the zone. An unknown zone is read as UTC, so that a report is still shown. */
export function localTime(instant: Date, zone: string): LocalTime {
  const parts = Object.fromEntries(
    clock(zone)
      .formatToParts(instant)
      .map((part) => [part.type, part.value]),
  );
  return { day: `${parts.year}-${parts.month}-${parts.day}`, hour: Number(parts.hour), minute: Number(parts.minute) };
}

/** The instant at which the zone's wall clock shows this time; in a repeated hour the first, in a skipped one the next. */
export function instantOf({ day, hour, minute }: LocalTime, zone: string): Date {
  const wanted = toDate(day).getTime() + (hour * 60 + minute) * 60_000;
  const offsetAt = (ms: number) => {
    const shown = localTime(new Date(ms), zone);
    return toDate(shown.day).getTime() + (shown.hour * 60 + shown.minute) * 60_000 - Math.floor(ms / 60_000) * 60_000;
  };
  const before = wanted - offsetAt(wanted - DAY_MS);
  const after = wanted - offsetAt(wanted + DAY_MS);
  const isMet = (ms: number) => ms + offsetAt(ms) === wanted;
  return new Date(!isMet(before) && isMet(after) ? after : before);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clock(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const options = {
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  } as const;
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
  } catch {
    made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  }
  clocks.set(zone, made);
  return made;
}
