/** What the player reads out of events, and how it moves through them. */
import type { Order } from '@candor/player/protocol';
import { describe, expect, test } from 'vitest';
import { findMarks } from '../src/lib/replay/marks.ts';
import { formatMoment, readPlayerSearch, sayMoment } from '../src/lib/replay/moment.ts';
import { Playback } from '../src/lib/replay/playback.ts';
import { findQuiet, leapFrom } from '../src/lib/replay/quiet.ts';
import { type RecordingLine, readIndex } from '../src/lib/replay/recording.ts';
import { findStretch } from '../src/lib/replay/stretches.ts';
import { joinRuns, readTrace } from '../src/lib/replay/trace.ts';

const START = 1_700_000_000_000;
type Timed = [at: number, type: number, data: object];

const lines = (events: Timed[]) =>
  events.map(([at, type, data]) => JSON.stringify({ type, timestamp: START + at, data })).join('\n');
const click = (at: number, x = 100, y = 100, id = 7): Timed => [at, 3, { source: 2, type: 2, id, x, y }];
const change = (at: number): Timed => [at, 3, { source: 0, adds: [], removes: [], texts: [], attributes: [] }];
const move = (at: number): Timed => [at, 3, { source: 1, positions: [] }];
const first: Timed[] = [
  [0, 4, { href: '', width: 800, height: 600 }],
  [
    0,
    2,
    {
      node: {
        type: 0,
        id: 1,
        childNodes: [{ type: 2, id: 8, tagName: 'label', childNodes: [{ type: 2, id: 9, tagName: 'input' }] }],
      },
    },
  ],
];
const last: Timed = [60_000, 5, { tag: 'left', payload: {} }];
/** The marks but those of pages, with moments from the beginning. */
const marksOf = (...events: Timed[]) =>
  findMarks(joinRuns([readTrace(lines([...first, ...events, last]))]), []).map(({ kind, at }) => [kind, at - START]);

describe('clicks in anger', () => {
  test('three within 30 px and a second are one', () => {
    expect(marksOf(click(5000), click(5400, 120), click(6000, 100, 130), change(6100))).toContainEqual(['rage', 6000]);
  });
  test.each([
    ['too far', [click(5000), click(5400, 131), click(5800), change(5900)]],
    ['too late', [click(5000), click(5400), click(6001), change(6100)]],
    ['too few', [click(5000), click(5400), change(5900)]],
  ])('%s is none', (_, events) => expect(marksOf(...(events as Timed[])).map(([kind]) => kind)).not.toContain('rage'));
  test('ten in a row are one mark, with their count', () => {
    const events = Array.from({ length: 10 }, (_, each) => click(5000 + each * 200));
    const marks = findMarks(joinRuns([readTrace(lines([...first, ...events, last]))]), []).filter(({ kind }) => kind === 'rage');
    expect(marks).toEqual([{ kind: 'rage', at: START + 5400, word: '10' }]);
  });
});

describe('dead clicks', () => {
  test('clicks in anger are called that, and not dead as well', () => {
    const kinds = marksOf(click(5000), click(5300), click(5600)).map(([kind]) => kind);
    expect(kinds).toEqual(['click', 'click', 'click', 'rage']);
  });
  test('one that nothing answers for 2.5 s is dead', () =>
    expect(marksOf(click(5000), change(7501))).toContainEqual(['dead', 5000]));
  test.each([
    ['a change', change(7500)],
    ['a scroll', [5100, 3, { source: 3, id: 1, x: 0, y: 9 }]],
    ['an input', [5100, 3, { source: 5, id: 9, text: '***', isChecked: false }]],
    ['another page', [6000, 4, { href: '', width: 1, height: 1 }]],
  ])('%s answers it', (_, answer) => expect(marksOf(click(5000), answer as Timed)).toContainEqual(['click', 5000]));
  test('moving on is no answer', () => expect(marksOf(click(5000), move(5100))).toContainEqual(['dead', 5000]));
  test('on a field or its label nothing need follow', () => {
    expect(marksOf(click(5000, 1, 1, 9), click(9000, 1, 1, 8))).toEqual([
      ['click', 5000],
      ['click', 9000],
    ]);
  });
  test('where the recording ends first nobody knows', () => expect(marksOf(click(58_000))).toContainEqual(['click', 58_000]));
  test('an answer in the next stretch counts where that stretch is known', () => {
    const one = readTrace(lines([...first, click(5000), move(9000)]));
    const two = readTrace(lines([[6000, 4, {}], last]));
    expect(findMarks(joinRuns([one, two]), [])[0]).toEqual({ kind: 'click', at: START + 5000 });
    expect(findMarks(joinRuns([one, undefined]), [])[0]).toEqual({ kind: 'dead', at: START + 5000 });
  });
});

test('errors, events and pages are marked by their words', () => {
  const trace = readTrace(
    lines([...first, [100, 5, { tag: 'error', payload: {} }], [200, 5, { tag: 'event', payload: { name: 'buy' } }]]),
  );
  expect(findMarks(joinRuns([trace]), [{ at: START, path: '/cart' }])).toEqual([
    { kind: 'page', at: START, word: '/cart' },
    { kind: 'error', at: START + 100 },
    { kind: 'event', at: START + 200, word: 'buy' },
  ]);
});

test('what is no event is left out', () => {
  expect(readTrace('{\nnull\n[]\n{"type":3}\n{"timestamp":1,"data":null}\n')).toBeUndefined();
});

describe('quiet', () => {
  const quietOf = (...events: Timed[]) => findQuiet(joinRuns([readTrace(lines([...first, ...events, last]))]), []);
  test('more than ten seconds without anything done are quiet, but for a second at either end', () => {
    expect(quietOf(move(5000), change(9000), move(15_001), move(25_000), move(50_001))).toEqual([
      { from: START + 6000, to: START + 14_001 },
      { from: START + 26_000, to: START + 49_001 },
    ]);
  });
  test('what was not read yet is not quiet', () => {
    const one = readTrace(lines([...first, move(1000)]));
    const three = readTrace(lines([[50_000, 4, {}], move(51_000)]));
    expect(findQuiet(joinRuns([one, undefined, three]), [])).toEqual([]);
    expect(findQuiet(joinRuns([one, three]), [])).toHaveLength(1);
  });
  test('from inside of it one leaps to its end, from elsewhere nowhere', () => {
    const quiet = [{ from: 10, to: 20 }];
    expect([9, 10, 19, 20].map((at) => leapFrom(quiet, at))).toEqual([undefined, 20, 20, undefined]);
  });
});

test('moments are written as people read, hear and share them', () => {
  expect([0, 7000, 723_999, 3_723_000].map(formatMoment)).toEqual(['0:00', '0:07', '12:03', '1:02:03']);
  expect([0, 1000, 3_723_000].map(sayMoment)).toEqual(['the beginning', '1 second', '1 hour 2 minutes 3 seconds']);
  expect(['754', '7.9', '0', '-1', 'x', '', undefined].map((t) => readPlayerSearch({ t }))).toEqual([
    { t: 754 },
    { t: 7 },
    {},
    {},
    {},
    {},
    {},
  ]);
});

test('an index begins and ends with what can be shown, and says what is missing', () => {
  const line = { id: 'a' } as RecordingLine;
  const scene = (page: string, from: number, to: number, playable = true) => ({ page, from, to, playable });
  const index = readIndex({
    recording: line,
    pages: [
      { id: 'b', path: '/cart', from: 50_000, to: 90_000 },
      { id: 'a', path: '/', from: 900, to: 40_000 },
    ],
    scenes: [scene('a', 900, 1000, false), scene('b', 50_000, 90_000), scene('a', 1000, 20_000), scene('a', 24_999, 40_000)],
    gaps: [
      { page: 'a', first: 3, last: 4 },
      { page: 'a', first: 9, last: 9 },
    ],
  });
  expect(index).toEqual({
    line,
    started: 1000,
    ended: 90_000,
    pages: [
      { at: 1000, path: '/' },
      { at: 50_000, path: '/cart' },
    ],
    stretches: [{ at: 1000 }, { at: 24_999 }, { at: 50_000 }],
    silences: [{ from: 40_000, to: 50_000 }],
    lost: [{ path: '/', count: 3 }],
  });
});

test('a moment lies in the last stretch that begins no later, or else in the first', () => {
  const stretches = [10, 20, 30].map((at) => ({ at }));
  expect([0, 10, 19, 20, 30, 99].map((at) => findStretch(stretches, at))).toEqual([0, 0, 0, 1, 2, 2]);
  expect(findStretch([], 5)).toBe(0);
});

describe('playing', () => {
  /** A recording of three stretches of a minute each, and a frame that remembers what it was told. */
  function begin(at = 0, load: (stretch: number) => Promise<string> = async (stretch) => `events ${stretch}`) {
    const stretches = [0, 60_000, 120_000].map((each) => ({ at: START + each }));
    const playback = new Playback();
    playback.begin({ stretches, started: START, ended: START + 180_000, load }, START + at);
    const told: Order[] = [];
    playback.connect((order) => told.push(order));
    const settle = () => new Promise((done) => setTimeout(done));
    /** The frame shows what it was last asked for. */
    const shown = async () => {
      await settle();
      const order = told.findLast((each) => 'turn' in each) as { turn: number };
      playback.hear({ is: 'shown', turn: order.turn });
      await settle();
    };
    return {
      playback,
      told,
      settle,
      shown,
      take: () => told.splice(0).map((order) => ('at' in order ? [order.do, order.at - START] : [order.do])),
    };
  }

  test('it opens the stretch of the moment that was shared', async () => {
    const { playback, take, shown } = begin(61_000);
    await shown();
    expect(take()).toEqual([['speed'], ['open', 61_000]]);
    expect(playback.read().scene).toBe('shown');
  });

  test('the frame may be there before what is played in it, and is told once both are', async () => {
    const playback = new Playback();
    const told: Order[] = [];
    playback.connect((order) => told.push(order));
    expect(told).toEqual([{ do: 'speed', speed: 1 }]);
    const loads: number[] = [];
    const load = async (stretch: number) => `events ${loads.push(stretch)}`;
    playback.begin(
      { stretches: [{ at: START }, { at: START + 60_000 }], started: START, ended: START + 90_000, load },
      START + 70_000,
    );
    await new Promise((done) => setTimeout(done));
    expect(told.at(-1)).toMatchObject({ do: 'open', at: START + 70_000 });
    expect(new Set(loads)).toEqual(new Set([1]));
  });

  test('events are on their way while the frame still is', () => {
    const loads: number[] = [];
    const load = async (stretch: number) => `events ${loads.push(stretch)}`;
    new Playback().begin({ stretches: [{ at: START }], started: START, ended: START + 1000, load }, START);
    expect(loads).toEqual([0]);
  });

  test('within what the frame holds it only goes there', async () => {
    const { playback, take, shown } = begin();
    await shown();
    take();
    playback.seek(START + 30_000);
    await shown();
    playback.seek(START + 130_000);
    await shown();
    expect(take()).toEqual([
      ['go', 30_000],
      ['open', 130_000],
    ]);
  });

  test('of moments asked for while one is made ready the last counts', async () => {
    const { playback, take, shown } = begin();
    await shown();
    take();
    for (const at of [10, 20, 30, 40]) playback.seek(START + at * 1000);
    await shown();
    await shown();
    expect(take()).toEqual([
      ['go', 10_000],
      ['go', 40_000],
    ]);
  });

  test('no moment lies outside of the recording', async () => {
    const { playback, shown } = begin();
    await shown();
    playback.step(-5000);
    expect(playback.read().at).toBe(START);
    playback.seek(START + 999_000);
    expect(playback.read().at).toBe(START + 180_000);
  });

  test('the next stretch is handed over before it is reached, once, and sooner at high speed', async () => {
    const { playback, take, shown, settle } = begin();
    await shown();
    playback.play();
    await shown();
    take();
    playback.hear({ is: 'at', at: START + 49_000 });
    await settle();
    expect(take()).toEqual([]);
    for (const at of [51_000, 51_100]) playback.hear({ is: 'at', at: START + at });
    await settle();
    expect(take()).toEqual([['add']]);
    playback.setSpeed(8);
    playback.hear({ is: 'at', at: START + 61_000 });
    await settle();
    expect(take()).toEqual([['speed'], ['add']]);
  });

  test('where the frame runs out it goes on with the next stretch, and ends after the last', async () => {
    const { playback, take, shown } = begin(170_000);
    await shown();
    playback.play();
    await shown();
    playback.hear({ is: 'out' });
    expect(playback.read()).toMatchObject({ playing: false, at: START + 180_000 });
    playback.seek(START + 50_000);
    await shown();
    playback.play();
    await shown();
    take();
    playback.hear({ is: 'out' });
    await shown();
    expect(take()[0]).toEqual(['go', 60_000]);
  });

  test('quiet is leapt over while it plays, unless somebody wants to see it', async () => {
    const { playback, take, shown } = begin();
    await shown();
    playback.setQuiet([{ from: START + 5000, to: START + 40_000 }]);
    playback.play();
    await shown();
    take();
    playback.hear({ is: 'at', at: START + 5100 });
    await shown();
    expect(take()).toEqual([['go', 40_000]]);
    playback.setLeaping(false);
    playback.seek(START + 6000);
    await shown();
    playback.hear({ is: 'at', at: START + 6100 });
    expect(playback.read().at).toBe(START + 6100);
  });

  test('a stretch that cannot be had is said, and another moment can be gone to', async () => {
    const { playback, shown, settle } = begin(0, async (stretch) => {
      if (stretch === 1) throw new Error('no');
      return 'events';
    });
    await shown();
    playback.play();
    playback.seek(START + 61_000);
    await shown();
    await settle();
    expect(playback.read()).toMatchObject({ scene: 'broken', playing: false });
    playback.seek(START + 130_000);
    await shown();
    expect(playback.read().scene).toBe('shown');
  });

  test('what the frame cannot show is said too, and asked for anew', async () => {
    const { playback, told, shown, settle } = begin();
    await settle();
    const [, order] = told as { turn: number }[];
    playback.hear({ is: 'failed', turn: order!.turn });
    expect(playback.read().scene).toBe('broken');
    playback.seek(START);
    await shown();
    expect(told.at(-1)).toMatchObject({ do: 'open' });
    expect(playback.read().scene).toBe('shown');
  });

  test('after the end it begins anew', async () => {
    const { playback, shown } = begin(180_000);
    await shown();
    playback.toggle();
    expect(playback.read()).toMatchObject({ playing: true, at: START });
  });
});
