import type { Order } from '@candor/player/protocol';
import { describe, expect, test } from 'vitest';
import { drawLayer, type Heatmap, lacksPlaces, sharesOf, sumElements } from '../src/lib/heat/layers.ts';
import { beginBeside, changeOfSide, endBeside, type HeatSearch, readHeatSearch, sideOf } from '../src/lib/heat/search.ts';
import { StillPage } from '../src/lib/heat/still.ts';
import { parseQueryString, writeQueryString } from '../src/lib/search.ts';

const read = (query: string) => readHeatSearch(parseQueryString(query));
const heatmap: Heatmap = {
  recordings: 8,
  matching: 8,
  views: 10,
  screens: { phone: 0, tablet: 0, desktop: 10 },
  clicks: [
    { element: 7, x: 500, y: 500, clicks: 2, rage: 0, dead: 2 },
    { element: 9, x: 100, y: 100, clicks: 5, rage: 3, dead: 0 },
    { element: 7, x: 600, y: 500, clicks: 4, rage: 0, dead: 0 },
  ],
  moves: [{ element: 3, x: 1, y: 1, ms: 1500 }],
  reached: [10, 9, 4, ...Array<number>(17).fill(0)],
  attention: [300, 100, ...Array<number>(18).fill(0)],
};

describe('the URL', () => {
  test('keeps both sides, and comes back as it was', () => {
    const query =
      '?path=/pricing&screen=phone&period=7d&f=is:country:DE&spot=3141592653&layer=rage&beside=true&path2=/pricing/**&period2=91d&f2=is:browser:Firefox&spot2=0';
    expect(writeQueryString({ ...read(query) })).toBe(query);
  });
  test('leaves out what goes without saying and drops what means nothing', () => {
    expect(read('?screen=desktop&layer=clicks&period=28d&path=&path2=/a&screen2=phone')).toEqual({});
    expect(read('?screen=watch&layer=toString&spot=-1&beside=yes')).toEqual({});
    expect(read('?spot=4294967296')).toEqual({});
    expect(read('?spot=4294967295')).toEqual({ spot: 4294967295 });
  });
  test('gives the second side the page of the first until it has one', () => {
    expect(sideOf(read('?path=/a&screen=phone&beside=true'), 'second')).toEqual({ path: '/a' });
    expect(sideOf(read('?path=/a&beside=true&path2=/b'), 'second')).toEqual({ path: '/b' });
    expect(sideOf(read('?path=/a&beside=true&path2=/b'), 'first')).toEqual({ path: '/a' });
  });
  test('begins a comparison with the same views on another screen, and ends it without a trace', () => {
    const search: HeatSearch = { path: '/a', f: ['is:country:DE'], spot: 7 };
    const both = { ...search, ...beginBeside(search) };
    expect(sideOf(both, 'second')).toEqual({ path: '/a', f: ['is:country:DE'], screen: 'phone' });
    expect(beginBeside({ screen: 'phone' }).screen2).toBe('desktop');
    expect(readHeatSearch({ ...both, ...endBeside })).toEqual(search);
  });
  test('closes what was open of the views before, on that side alone', () => {
    expect(changeOfSide('first', { screen: 'phone' })).toEqual({ spot: undefined, screen: 'phone' });
    expect(changeOfSide('second', { path: '/b' })).toEqual({ spot2: undefined, path2: '/b' });
  });
});

describe('layers', () => {
  test('what happened is summed by element, those with most first', () => {
    expect(sumElements(heatmap, 'clicks').map(({ element, clicks }) => [element, clicks])).toEqual([
      [7, 6],
      [9, 5],
    ]);
    expect(sumElements(heatmap, 'dead').map(({ element, dead }) => [element, dead])).toEqual([[7, 2]]);
    expect(sumElements(heatmap, 'moves')).toEqual([{ element: 3, clicks: 0, rage: 0, dead: 0, ms: 1500 }]);
  });
  test('only where something of the layer happened is there a point', () => {
    expect(drawLayer(heatmap, 'rage')).toEqual({ is: 'heat', points: [[9, 100, 100, 3]] });
    expect(drawLayer(heatmap, 'moves')).toEqual({ is: 'heat', points: [[3, 1, 1, 1500]] });
  });
  test('depths and attention are shares', () => {
    expect(sharesOf(heatmap, 'scroll').slice(0, 4)).toEqual([1, 0.9, 0.4, 0]);
    expect(sharesOf(heatmap, 'attention').slice(0, 3)).toEqual([0.75, 0.25, 0]);
    expect(sharesOf({ ...heatmap, views: 0, attention: Array(20).fill(0) }, 'attention')).toEqual(Array(20).fill(0));
    expect(sharesOf({ ...heatmap, views: 5 }, 'scroll')[0]).toBe(1);
    expect(drawLayer(heatmap, 'scroll')).toMatchObject({ is: 'depth' });
    expect(drawLayer(heatmap, 'attention')).toMatchObject({ is: 'bands' });
  });
  test('views of which no place is told are of an earlier recorder', () => {
    expect(lacksPlaces(heatmap)).toBe(false);
    const bare = { ...heatmap, clicks: [], moves: [], reached: Array(20).fill(0) };
    expect(lacksPlaces(bare)).toBe(true);
    expect(lacksPlaces({ ...bare, views: 0 })).toBe(false);
  });
});

describe('the frame', () => {
  function begin() {
    const told: Order[] = [];
    const pressed: (number | undefined)[] = [];
    const still = new StillPage((element) => pressed.push(element));
    const layer = drawLayer(heatmap, 'clicks');
    let last = 0;
    const turn = () => last;
    const connect = () =>
      still.connect((order) => {
        told.push(order);
        if ('turn' in order) last = order.turn;
      });
    const stood = () => still.hear({ is: 'stood', turn: turn(), width: 1440, page: 5210 });
    return { still, told, pressed, layer, turn, connect, stood, take: () => told.splice(0).map((order) => order.do) };
  }
  const seen = { x: 0, y: 0, width: 10, height: 10, tag: 'a', words: '' };

  test('is given the page once it is there, and the layer once the page stands', () => {
    const { still, layer, connect, stood, take } = begin();
    still.stand('events', 5);
    still.draw(layer);
    expect(take()).toEqual([]);
    connect();
    expect(take()).toEqual(['stand']);
    stood();
    expect(take()).toEqual(['draw']);
    expect(still.read()).toMatchObject({ scene: 'stands', size: { width: 1440, page: 5210 } });
  });
  test('is not given the same page twice, but a new frame is', () => {
    const { still, layer, connect, stood, take } = begin();
    connect();
    still.stand('events', 5);
    still.draw(layer);
    stood();
    take();
    still.stand('events', 5);
    expect(take()).toEqual([]);
    connect();
    expect(take()).toEqual(['stand']);
    expect(still.read().scene).toBe('waiting');
  });
  test('keeps what elements are called from layer to layer, and not what was missing', () => {
    const { still, layer, connect, stood, turn } = begin();
    connect();
    still.stand('events', 5);
    still.draw(layer);
    stood();
    still.hear({ is: 'drawn', turn: turn(), peak: 5, lost: 2, hidden: 1, seen: [{ ...seen, element: 7 }] });
    still.draw(drawLayer(heatmap, 'dead'));
    expect(still.read().drawn).toMatchObject({ lost: 0, hidden: 0, seen: [{ element: 7 }] });
    still.draw(drawLayer(heatmap, 'scroll'));
    expect(still.read().drawn).toBeUndefined();
  });
  test('is not heard about turns that are over', () => {
    const { still, connect, stood, turn } = begin();
    connect();
    still.stand('events', 5);
    const before = turn();
    still.stand('events', 6);
    still.hear({ is: 'stood', turn: before, width: 1, page: 1 });
    still.hear({ is: 'failed', turn: before });
    expect(still.read().scene).toBe('waiting');
    stood();
    expect(still.read().scene).toBe('stands');
  });
  test('is not believed about more than it was told, nor about other elements', () => {
    const { still, layer, connect, stood, turn, pressed } = begin();
    connect();
    still.stand('events', 5);
    still.draw(layer);
    stood();
    const elements = [
      { ...seen, element: 7 },
      { ...seen, element: 8 },
    ];
    still.hear({ is: 'drawn', turn: turn(), peak: 999, lost: 999, hidden: 999, seen: elements });
    expect(still.read().drawn).toMatchObject({ peak: 11, lost: 11, hidden: 11, seen: [{ element: 7 }] });
    for (const element of [7, 8, undefined]) still.hear({ is: 'pressed', ...(element && { element }) });
    expect(pressed).toEqual([7, undefined]);
  });
  test('may be unable to build a page, and another one is asked for anew', () => {
    const { still, connect, stood, turn } = begin();
    connect();
    still.stand('broken', 5);
    still.hear({ is: 'failed', turn: turn() });
    expect(still.read().scene).toBe('broken');
    still.stand('events', 5);
    stood();
    expect(still.read().scene).toBe('stands');
  });
});
