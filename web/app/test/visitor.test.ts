/** What is in memory of a visitor does not outlive that they are in no report, or erased. */
import { QueryClient, type QueryKey } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { backgroundQuery, heatmapQuery, heatRecordingsQuery, pagesQuery } from '../src/lib/heat-api.ts';
import { recordingQuery, recordingsQuery } from '../src/lib/recordings-api.ts';
import { afterErasing, afterRestricting, letGoOfShown } from '../src/lib/visitor-api.ts';

const views = (domain: string) => ({ domain, range: 'all' as const, filters: [] });
const heat = (domain: string) => ({ ...views(domain), page: '/', screen: 'desktop' as const });
const counting = (domain: string): QueryKey[] => [
  pagesQuery(views(domain)).queryKey,
  heatmapQuery(heat(domain)).queryKey,
  heatRecordingsQuery(heat(domain), 1, 'clicks').queryKey,
  recordingsQuery(views(domain)).queryKey,
];

test.each([
  ['restricted', afterRestricting],
  ['erased', afterErasing],
])('once a visitor is %s, whatever counts visitors of the site is asked for anew, and of no other site', async (_, after) => {
  const queries = new QueryClient();
  for (const key of ['shop.example', 'other.example'].flatMap(counting)) queries.setQueryData(key, []);
  await Promise.all(after('shop.example').map((queryKey) => queries.invalidateQueries({ queryKey })));
  const isOld = (key: QueryKey) => queries.getQueryState(key)?.isInvalidated;
  expect(counting('shop.example').map(isOld)).toEqual([true, true, true, true]);
  expect(counting('other.example').map(isOld)).toEqual([false, false, false, false]);
});

test('once a visitor is erased, no recording of the site and no scene behind its heatmaps stays in memory', () => {
  const queries = new QueryClient();
  const shown = [
    recordingQuery('shop.example', 'a').queryKey,
    backgroundQuery('shop.example', { recording: 'a', at: 1 }).queryKey,
  ];
  for (const key of shown) queries.setQueryData(key as QueryKey, 'somebody');
  letGoOfShown(queries, 'shop.example');
  expect(shown.map((key) => queries.getQueryData(key as QueryKey))).toEqual([undefined, undefined]);
});
