import { expect, test } from 'vitest';
import { addMonths, instantOf, localTime, startOfWeek } from '../src/lib/days.ts';
import { bucketPeriod, bucketState, chooseInterval, fittingIntervals } from '../src/lib/interval.ts';
import {
  type Comparison,
  clipComparison,
  type Period,
  resolveComparison,
  resolvePeriod,
  shiftPeriod,
} from '../src/lib/period.ts';
import { nameComparison, namePeriod } from '../src/lib/period-words.ts';

const moment = { now: new Date('2026-11-22T13:45:20Z'), zone: 'UTC' };
const days = (from: string, to: string) => ({ kind: 'days', from, to });

test.each<[Period, string, string]>([
  ['today', '2026-11-22', '2026-11-22'],
  ['yesterday', '2026-11-21', '2026-11-21'],
  ['7d', '2026-11-16', '2026-11-22'],
  ['28d', '2026-10-26', '2026-11-22'],
  ['91d', '2026-08-24', '2026-11-22'],
  ['month', '2026-11-01', '2026-11-22'],
  ['last_month', '2026-10-01', '2026-10-31'],
  ['year', '2026-01-01', '2026-11-22'],
  ['12mo', '2025-12-01', '2026-11-22'],
  ['2026-03-01_2026-03-05', '2026-03-01', '2026-03-05'],
])('%s means the days from %s to %s', (period, from, to) => {
  expect(resolvePeriod(period, moment)).toEqual(days(from, to));
});

test('today is the day of the site, not of the browser', () => {
  const late = { now: new Date('2026-11-22T23:30:00Z'), zone: 'Pacific/Auckland' };
  expect(resolvePeriod('today', late)).toEqual(days('2026-11-23', '2026-11-23'));
});

test.each<[Period, Comparison, string, string]>([
  ['7d', 'previous', '2026-11-09', '2026-11-15'],
  ['7d', 'year', '2025-11-16', '2025-11-22'],
  ['month', 'previous', '2026-10-01', '2026-10-22'],
  ['last_month', 'previous', '2026-09-01', '2026-09-30'],
  ['year', 'previous', '2025-01-01', '2025-11-22'],
  ['12mo', 'previous', '2024-12-01', '2025-11-22'],
  ['2026-03-01_2026-03-05', 'previous', '2026-02-24', '2026-02-28'],
])('%s compared with %s is the days from %s to %s', (period, comparison, from, to) => {
  expect(resolveComparison(period, comparison, moment)).toEqual(days(from, to));
});

test('nothing comes before everything, and nothing is compared when that is off', () => {
  expect(resolveComparison('all', 'previous', moment)).toBeUndefined();
  expect(resolveComparison('7d', 'off', moment)).toBeUndefined();
});

test('a period that still runs is compared up to the same time of day', () => {
  const compared = resolveComparison('today', 'previous', moment)!;
  expect(clipComparison('today', compared, moment)).toEqual(['2026-11-21T00:00:00Z', '2026-11-21T13:45:00Z']);
});

test('a period that is over is compared whole', () => {
  const compared = resolveComparison('yesterday', 'previous', moment)!;
  expect(clipComparison('yesterday', compared, moment)).toEqual(['2026-11-20', '2026-11-20']);
});

test('the same time of day is that of the site, across a change of clocks', () => {
  const berlin = { now: new Date('2026-10-25T12:00:00Z'), zone: 'Europe/Berlin' };
  const compared = resolveComparison('today', 'previous', berlin)!;
  expect(clipComparison('today', compared, berlin)).toEqual(['2026-10-23T22:00:00Z', '2026-10-24T11:00:00Z']);
});

test('stepping keeps the length, whole months step by months, and the future is not reached', () => {
  expect(shiftPeriod('7d', -1, moment)).toBe('2026-11-09_2026-11-15');
  expect(shiftPeriod('last_month', -1, moment)).toBe('2026-09-01_2026-09-30');
  expect(shiftPeriod('last_month', 1, moment)).toBe('2026-11-01_2026-11-22');
  expect(shiftPeriod('7d', 1, moment)).toBeUndefined();
  expect(shiftPeriod('all', -1, moment)).toBeUndefined();
});

test('months end where they end', () => {
  expect(addMonths('2026-03-31', -1)).toBe('2026-02-28');
  expect(addMonths('2024-01-31', 1)).toBe('2024-02-29');
  expect(startOfWeek('2026-11-22')).toBe('2026-11-16');
});

test('an hour that the clocks skip is the one after it', () => {
  const skipped = instantOf({ day: '2026-03-29', hour: 2, minute: 30 }, 'Europe/Berlin');
  expect(localTime(skipped, 'Europe/Berlin')).toEqual({ day: '2026-03-29', hour: 3, minute: 30 });
});

test('a zone nobody knows is read as UTC', () => {
  expect(localTime(moment.now, 'Atlantis/Sunk').hour).toBe(13);
});

test('the interval that was asked for is used where it fits', () => {
  expect(chooseInterval(resolvePeriod('today', moment))).toBe('hour');
  expect(chooseInterval(resolvePeriod('28d', moment), 'week')).toBe('week');
  expect(chooseInterval(resolvePeriod('28d', moment), 'hour')).toBe('day');
  expect(chooseInterval(resolvePeriod('12mo', moment))).toBe('week');
  expect(chooseInterval(resolvePeriod('all', moment))).toBe('week');
  expect(fittingIntervals(resolvePeriod('91d', moment))).toEqual(['day', 'week', 'month']);
});

test.each([
  ['2026-11-22', 'day', 'filling'],
  ['2026-11-21', 'day', 'over'],
  ['2026-11-22 13:00:00', 'hour', 'filling'],
  ['2026-11-22 14:00:00', 'hour', 'ahead'],
  ['2026-11-16', 'week', 'filling'],
  ['2026-11-09', 'week', 'over'],
  ['2026-11-01', 'month', 'filling'],
] as const)('the bucket %s of a %s is %s', (label, interval, state) => {
  expect(bucketState(label, interval, moment)).toBe(state);
});

test('looking closer at a bucket shows its days and no later ones', () => {
  expect(bucketPeriod('2026-11-09', 'week', moment)).toBe('2026-11-09_2026-11-15');
  expect(bucketPeriod('2026-11-01', 'month', moment)).toBe('2026-11-01_2026-11-22');
  expect(bucketPeriod('2026-11-22 13:00:00', 'hour', moment)).toBeUndefined();
});

test('periods and comparisons are said in words', () => {
  expect(namePeriod('2025-12-30_2026-01-02')).toBe('30 Dec 2025 – 2 Jan 2026');
  expect(nameComparison('28d', 'previous', moment)).toBe('compared with the 28 days before, to the same time of day');
  expect(nameComparison('last_month', 'previous', moment)).toBe('compared with the month before');
  expect(nameComparison('all', 'previous', moment)).toBe('');
});
