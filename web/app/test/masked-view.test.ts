/** What the masked view lets an operator ask: nothing past the grant, and nothing that the server would refuse to count. */
import { expect, test } from 'vitest';
import { listBys, listDays, listMeasures, makeQuestion } from '../src/operators/view-questions.ts';

test('only the fields of a grant are offered, and time and everything together always', () => {
  expect(listBys([])).toEqual(['time', 'total']);
  expect(listBys(['country', 'property'])).toEqual(['time', 'total', 'country', 'property']);
  expect(listBys(['a field of a later version'])).toEqual(['time', 'total']);
});

test('no period goes past the days of a grant', () => {
  expect(listDays(30)).toEqual([1, 7, 30]);
  expect(listDays(1)).toEqual([1]);
  expect(listDays(12)).toEqual([1, 7, 12]);
});

test('measures of whole visits are not told by events, nor reading by anything but pages', () => {
  expect(listMeasures('event')).toEqual(['reach', 'events']);
  expect(listMeasures('property')).toEqual(['reach', 'events']);
  expect(listMeasures('page')).toContain('reading');
  expect(listMeasures('country')).not.toContain('reading');
});

test('a question says what it is told by as the server does', () => {
  const common = { metrics: ['visitors', 'events'], date_range: '7d' };
  expect(makeQuestion('total', '', 'events', 7)).toEqual({ ...common, dimensions: [] });
  expect(makeQuestion('time', '', 'events', 7)).toEqual({ ...common, dimensions: ['time'] });
  expect(makeQuestion('property', ' plan ', 'events', 7)).toMatchObject({ dimensions: ['event:props:plan'] });
  expect(makeQuestion('campaign', '', 'events', 7)).toMatchObject({
    dimensions: ['visit:utm_campaign'],
    pagination: { limit: 100 },
  });
});
