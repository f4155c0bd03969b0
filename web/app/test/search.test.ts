import { expect, test } from 'vitest';
import { narrowTo, readFilter, readFilters, toggleValue, writeFilter } from '../src/lib/filters.ts';
import { parseQueryString, readRecordingsSearch, readReportSearch, writeQueryString } from '../src/lib/search.ts';

const read = (query: string) => readReportSearch(parseQueryString(query));

test('a view survives the way through the URL and can be read in it', () => {
  const query =
    '?period=2026-10-01_2026-10-31&compare=year&metric=bounce_rate&interval=week&f=is:page:/pricing,/docs&f=is_not:country:DE&pages=exit';
  expect(writeQueryString({ ...read(query) })).toBe(query);
});

test('defaults are left out of the URL', () => {
  expect(read('?period=28d&compare=previous&metric=visitors')).toEqual({});
});

test('what means nothing is dropped and the rest kept', () => {
  const search = read(
    '?period=7d&metric=__proto__&interval=minute&f=nonsense&f=is:page:/a&f=is:constructor:x&details=toString&page=-3',
  );
  expect(search).toEqual({ period: '7d', f: ['is:page:/a'] });
});

test('a period that ends before it begins is none', () => {
  expect(read('?period=2026-10-31_2026-10-01')).toEqual({});
  expect(read('?period=2026-02-30_2026-03-01')).toEqual({});
});

test('search, sort and page belong to open details only', () => {
  expect(read('?q=docs&sort=visits:asc&page=2')).toEqual({});
  expect(read('?details=page&q=docs&sort=visits:asc&page=2')).toEqual({
    details: 'page',
    q: 'docs',
    sort: 'visits:asc',
    page: 2,
  });
  expect(read('?details=page&sort=visits:asc;drop&page=1.5')).toEqual({ details: 'page' });
});

test.each(['/a,b', '100%', '/é?x=1&y=2#z', 'a:b:c', '', '<img src=x onerror=alert(1)>', '%2C', 'line\nbreak'])(
  'a value with its own commas and signs comes back as it was: %j',
  (value) => {
    const filter = { operator: 'is' as const, dimension: 'page' as const, values: [value, '/other'] };
    const written = writeQueryString({ f: [writeFilter(filter)] });
    expect(readFilters(readReportSearch(parseQueryString(written)).f)).toEqual([filter]);
  },
);

test('an operator or a dimension nobody knows is no filter', () => {
  expect(readFilter('equals:page:/a')).toBeUndefined();
  expect(readFilter('is:password:x')).toBeUndefined();
  expect(readFilter(undefined)).toBeUndefined();
});

test('clicking a row narrows, clicking another moves, clicking again widens', () => {
  const first = toggleValue([], 'page', '/a');
  const moved = toggleValue(first, 'page', '/b');
  expect(moved).toEqual([{ operator: 'is', dimension: 'page', values: ['/b'] }]);
  expect(toggleValue(moved, 'page', '/b')).toEqual([]);
});

test('clicking a row leaves other filters alone', () => {
  const others = readFilters(['is_not:page:/c', 'is:country:DE']);
  expect(toggleValue(others, 'page', '/a')).toEqual([...others, { operator: 'is', dimension: 'page', values: ['/a'] }]);
});

test('a row stands for its own value within what the report is narrowed to, chosen already or not', () => {
  const desktop = { operator: 'is' as const, dimension: 'device' as const, values: ['Desktop'] };
  const page = (value: string) => ({ operator: 'is' as const, dimension: 'page' as const, values: [value] });
  expect(narrowTo([desktop], 'page', '/a')).toEqual([desktop, page('/a')]);
  expect(narrowTo([page('/b'), desktop], 'page', '/a')).toEqual([desktop, page('/a')]);
  expect(narrowTo([page('/a')], 'page', '/a')).toEqual([page('/a')]);
});

test('the list of recordings keeps the visitor it is of, and nothing else in that place', () => {
  const visitor = '7b1c5f0e-8f4f-4d0e-9a53-1f2a3b4c5d6e';
  expect(readRecordingsSearch({ visitor, period: '7d', f: 'is:page:/a' })).toEqual({ visitor, period: '7d', f: ['is:page:/a'] });
  for (const strange of ['', 'ada', `${visitor}'`, ['x', 'y'], 7]) expect(readRecordingsSearch({ visitor: strange })).toEqual({});
});
