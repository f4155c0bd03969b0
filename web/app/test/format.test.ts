import { expect, test } from 'vitest';
import { formatAgo, formatCompact, formatDuration, formatSpan } from '../src/lib/format.ts';
import { compareValues, formatMetric } from '../src/lib/metrics.ts';
import { nameValue } from '../src/lib/names.ts';

test.each([
  [0, '0'],
  [9_999, '9,999'],
  [10_000, '10.0k'],
  [12_449, '12.4k'],
  [99_960, '100k'],
  [999_499, '999k'],
  [999_600, '1.00M'],
  [1_264_000, '1.26M'],
  [2_500_000_000, '2.50B'],
])('%d is written %s', (value, text) => {
  expect(formatCompact(value)).toBe(text);
});

test.each([
  [0, '0s'],
  [59.4, '59s'],
  [59.6, '1m 00s'],
  [187, '3m 07s'],
  [3_840, '1h 04m'],
])('%d seconds are written %s', (value, text) => {
  expect(formatDuration(value)).toBe(text);
});

test('an unknown measure is a dash and never a zero', () => {
  expect(formatMetric('bounce_rate', null)).toBe('–');
  expect(formatMetric('bounce_rate', 0)).toBe('0%');
});

test('more is good, except where less is', () => {
  expect(compareValues('visitors', 150, 100)).toEqual({ kind: 'up', good: true, amount: 50, unit: 'percent' });
  expect(compareValues('visitors', 50, 100)).toEqual({ kind: 'down', good: false, amount: 50, unit: 'percent' });
  expect(compareValues('bounce_rate', 40, 50)).toEqual({ kind: 'down', good: true, amount: 10, unit: 'points' });
});

test('a change from nothing has no percentage, and none from the unknown', () => {
  expect(compareValues('visitors', 5, 0)).toEqual({ kind: 'new' });
  expect(compareValues('visitors', 0, 0)).toEqual({ kind: 'same' });
  expect(compareValues('visitors', 1_001, 1_000)).toEqual({ kind: 'same' });
  expect(compareValues('visit_duration', null, 60)).toBeUndefined();
  expect(compareValues('visitors', 5, undefined)).toBeUndefined();
});

test('codes get names, and strangers stay as they are', () => {
  expect(nameValue('country', 'DE')).toBe('Germany');
  expect(nameValue('country', '<b>')).toBe('<b>');
  expect(nameValue('language', 'pt-BR')).toBe('Portuguese (Brazil)');
  expect(nameValue('language', '!!')).toBe('!!');
  expect(nameValue('path', '')).toBe('(not set)');
});

test('spans and ages are short', () => {
  expect(formatSpan('2026-11-22', '2026-11-22')).toBe('22 Nov 2026');
  expect(formatAgo(2_000)).toBe('just now');
  expect(formatAgo(75_000)).toBe('1 min ago');
});
