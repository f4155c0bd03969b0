import { expect, test } from 'vitest';
import { BANDS, ELEMENT_MAX, POINTS_MAX, readOrder, readReport } from '../src/protocol.ts';
import { PAGE_MAX, SEEN_MAX, WIDTH_MAX, WORDS_MAX } from '../src/protocol/still.ts';

const heat = (points: unknown) => readOrder({ do: 'draw', turn: 1, layer: { is: 'heat', points } });
const shares = (is: string, of: unknown) => readOrder({ do: 'draw', turn: 1, layer: { is, shares: of } });
const bands = (share: unknown = 0.5, count = BANDS) => Array.from({ length: count }, () => share);

test('an order to stand still needs events and a moment', () => {
  expect(readOrder({ do: 'stand', turn: 1, events: 'x', at: 5, more: 1 })).toEqual({ do: 'stand', turn: 1, events: 'x', at: 5 });
  for (const data of [{ turn: 1, at: 5 }, { turn: 1, events: 'x' }, { events: 'x', at: 5 }, { turn: 1, events: 'x', at: -1 }]) {
    expect(readOrder({ do: 'stand', ...data })).toBeUndefined();
  }
});

test('points are elements, thousandths and weights, and at most so many', () => {
  expect(heat([[ELEMENT_MAX, 0, 1000, 0.5]])).toEqual({ do: 'draw', turn: 1, layer: { is: 'heat', points: [[ELEMENT_MAX, 0, 1000, 0.5]] } });
  const point = [1, 500, 500, 1];
  expect(heat(Array.from({ length: POINTS_MAX }, () => point))).toBeDefined();
  expect(heat(Array.from({ length: POINTS_MAX + 1 }, () => point))).toBeUndefined();
  for (const bad of [[ELEMENT_MAX + 1, 0, 0, 1], [-1, 0, 0, 1], [1.5, 0, 0, 1], [1, 1001, 0, 1], [1, 0, 0.5, 1], [1, 0, 0, 0], [1, 0, 0, Number.POSITIVE_INFINITY], [1, 0, 0], [1, 0, 0, 1, 1], null, '1']) {
    expect(heat([point, bad])).toBeUndefined();
  }
  expect(heat('x')).toBeUndefined();
});

test('bands are twenty shares', () => {
  for (const is of ['bands', 'depth']) {
    expect(shares(is, bands())).toEqual({ do: 'draw', turn: 1, layer: { is, shares: bands() } });
    for (const bad of [bands(0.5, BANDS - 1), bands(0.5, BANDS + 1), bands(1.01), bands(-0.1), bands('1'), bands(Number.NaN), 'x']) {
      expect(shares(is, bad)).toBeUndefined();
    }
  }
  expect(shares('curve', bands())).toBeUndefined();
  expect(readOrder({ do: 'draw', turn: 1 })).toBeUndefined();
});

test('one element is marked, or none', () => {
  expect(readOrder({ do: 'mark', element: 7, more: 1 })).toEqual({ do: 'mark', element: 7 });
  expect(readOrder({ do: 'mark' })).toEqual({ do: 'mark' });
  for (const element of [null, '7', -1, ELEMENT_MAX + 1, 1.5]) expect(readOrder({ do: 'mark', element })).toBeUndefined();
});

test('a page that stands has a size, within bounds', () => {
  expect(readReport({ is: 'stood', turn: 1, width: WIDTH_MAX, page: PAGE_MAX, more: '<b>' })).toEqual({ is: 'stood', turn: 1, width: WIDTH_MAX, page: PAGE_MAX });
  for (const size of [{ width: 0, page: 1 }, { width: 1, page: 0 }, { width: WIDTH_MAX + 1, page: 1 }, { width: 1, page: PAGE_MAX + 1 }, { width: 1.5, page: 1 }, { width: '1', page: 1 }, {}]) {
    expect(readReport({ is: 'stood', turn: 1, ...size })).toBeUndefined();
  }
});

const seen = { element: 7, x: -5, y: 10.5, width: 40, height: 20, tag: 'button', words: 'Buy' };
const drawn = (...of: unknown[]) => readReport({ is: 'drawn', turn: 1, peak: 3, lost: 0, hidden: 2, seen: of });

test('what was drawn is told in numbers, and in words that are short and plain', () => {
  expect(drawn({ ...seen, more: 1 })).toEqual({ is: 'drawn', turn: 1, peak: 3, lost: 0, hidden: 2, seen: [seen] });
  expect(drawn(...Array.from({ length: SEEN_MAX }, () => seen))).toBeDefined();
  expect(drawn(...Array.from({ length: SEEN_MAX + 1 }, () => seen))).toBeUndefined();
  expect(drawn({ ...seen, words: 'x'.repeat(WORDS_MAX) })).toBeDefined();
  for (const bad of [{ words: 'x'.repeat(WORDS_MAX + 1) }, { words: 'a\nb' }, { words: 'a\u202eb' }, { words: 7 }, { tag: '' }, { tag: '<b>' }, { tag: 'B' }, { element: -1 }, { x: Number.NaN }, { width: -1 }, { y: 1e9 }]) {
    expect(drawn({ ...seen, ...bad }), JSON.stringify(bad)).toBeUndefined();
  }
  for (const bad of [{ peak: -1 }, { lost: '0' }, { hidden: Number.NaN }, { seen: {} }, { turn: undefined }]) {
    expect(readReport({ is: 'drawn', turn: 1, peak: 3, lost: 0, hidden: 2, seen: [], ...bad })).toBeUndefined();
  }
});

test('somebody presses an element, or beside all of them', () => {
  expect(readReport({ is: 'pressed', element: 7, more: 1 })).toEqual({ is: 'pressed', element: 7 });
  expect(readReport({ is: 'pressed' })).toEqual({ is: 'pressed' });
  expect(readReport({ is: 'pressed', element: '7' })).toBeUndefined();
});
