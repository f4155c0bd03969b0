import { expect, test } from 'vitest';
import { Disarmer, Unplayable } from '../src/disarm.ts';
import { findSpot } from '../src/glass.ts';
import { CELLS_MAX, colourField, REACH, warm } from '../src/heat.ts';
import { colourOf, shareOf, amountOf } from '../src/palette.ts';
import { fixHeights } from '../src/settle.ts';
import { shorten } from '../src/spots.ts';

test('the warmest place is the point, however far it is felt', () => {
  const field = warm([{ x: 100, y: 40, weight: 3 }], 400, 300);
  expect(field.peak).toBe(3);
  expect(field.values[40 * 400 + 100]).toBe(3);
  expect(field.values[40 * 400 + 100 + REACH]).toBeGreaterThan(0);
  expect(field.values[40 * 400 + 100 + REACH + 1]).toBe(0);
});

test('what happens close together adds up', () => {
  const { peak } = warm([{ x: 100, y: 40, weight: 3 }, { x: 101, y: 40, weight: 4 }, { x: 300, y: 200, weight: 5 }], 400, 300);
  expect(peak).toBeGreaterThan(6.9);
  expect(peak).toBeLessThanOrEqual(7);
});

test('points at the edges and corners of a page are drawn as far as there is page', () => {
  for (const [x, y] of [[0, 0], [400, 300], [0, 300]] as const) expect(warm([{ x, y, weight: 1 }], 400, 300).peak).toBeGreaterThan(0);
});

test('a page of any size has so many cells, and its points stay within two pixels', () => {
  const [width, height] = [1440, 5210];
  const field = warm([{ x: 720, y: 4000, weight: 1 }], width, height);
  expect(field.values.length).toBeLessThanOrEqual(CELLS_MAX);
  const warmest = field.values.indexOf(1);
  expect(Math.abs((((warmest % field.width) + 0.5) * width) / field.width - 720)).toBeLessThan(2);
  expect(Math.abs(((Math.floor(warmest / field.width) + 0.5) * height) / field.height - 4000)).toBeLessThan(2);
});

test('where nothing happened nothing is drawn', () => {
  const pixels = colourField(warm([{ x: 2, y: 2, weight: 1 }], 200, 100));
  expect(pixels.at(-1)).toBe(0);
  expect(pixels[(2 * 200 + 2) * 4 + 3]).toBeGreaterThan(200);
  expect(colourField(warm([], 10, 10)).every((each) => each === 0)).toBe(true);
});

test('each colour is lighter than the one before it', () => {
  const lightness = Array.from({ length: 60 }, (_, at) => colourOf(at / 59)).map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue);
  for (let at = 1; at < lightness.length; at += 1) expect(lightness[at]).toBeGreaterThan(lightness[at - 1]!);
});

test('a legend reads back what a colour stands for', () => {
  expect(shareOf(25, 100)).toBe(0.5);
  expect(amountOf(0.5, 100)).toBe(25);
  expect(shareOf(0, 0)).toBe(0);
});

test.each([
  ['height: 100vh', 'height: 800px'],
  ['min-height: calc(100svh - 60px)', 'min-height: calc(800px - 60px)'],
  ['margin: -12.5dvh .5lvb', 'margin: -100px 4px'],
  ['width: 50vw', 'width: 50vw'],
  ['--a100vh: x', '--a100vh: x'],
  ['color: #12vh', 'color: #12vh'],
])('of %s is left %s in a window of 800', (before, after) => expect(fixHeights(before, 800)).toBe(after));

test('the smallest element at a place is met, and a small one from a little beside it', () => {
  const box = (element: number, x: number, y: number, width: number, height: number) => ({ element, x, y, width, height });
  const spots = [box(1, 0, 0, 500, 500), box(2, 100, 100, 50, 20), box(3, 300, 300, 4, 4)];
  expect(findSpot(spots, 110, 110)?.element).toBe(2);
  expect(findSpot(spots, 20, 20)?.element).toBe(1);
  expect(findSpot(spots, 311, 302)?.element).toBe(3);
  expect(findSpot(spots, 315, 302)?.element).toBe(1);
  expect(findSpot(spots, 600, 20)).toBeUndefined();
});

test('words of a page are one short line without signs that turn others around', () => {
  expect(shorten('  Add\n\tto \u202ebasket\u0000  ')).toBe('Add to basket');
  expect(shorten('x'.repeat(80))).toHaveLength(80);
  expect(shorten('x'.repeat(81))).toBe(`${'x'.repeat(79)}…`);
  expect(shorten(`${'x'.repeat(78)}😀😀`)).toBe(`${'x'.repeat(78)}…`);
});

test('a page stands as it was at its moment, and what comes later is not even read', () => {
  const snapshot = (timestamp: number) => ({ type: 2, timestamp, data: { node: { type: 0, id: 1, childNodes: [{ type: 2, id: 2, tagName: 'html', attributes: {}, childNodes: [] }] }, initialOffset: { left: 0, top: 0 } } });
  const scroll = (timestamp: number) => ({ type: 3, timestamp, data: { source: 3, id: 1, x: 0, y: timestamp } });
  const lines = [{ type: 4, timestamp: 1000, data: { width: 800, height: 600 } }, snapshot(1200), scroll(1300), scroll(1301), scroll(2000), scroll(9000)];
  const stood = (at: number, more = '') => new Disarmer().readStill(`${lines.map((each) => JSON.stringify(each)).join('\n')}${more}`, at).map(({ timestamp }) => timestamp);
  // At any rate its snapshot and what belongs to it, also where the moment is that of the first event.
  expect(stood(1000)).toEqual([1000, 1200, 1300]);
  expect(stood(1900)).toEqual([1000, 1200, 1300, 1301, 2000]);
  expect(stood(1900, '\n{"timestamp":9001,"type":2,"data":"hostile"}')).toHaveLength(5);
  expect(() => stood(9000, '\n{')).toThrow(Unplayable);
});

test('an element keeps the tag that the page had for it, whatever it is built as', () => {
  const element = (id: number, tagName: string, more: object = {}) => ({ type: 2, id, tagName, attributes: {}, childNodes: [], ...more });
  const disarmer = new Disarmer();
  const tags = ['p', 'IFRAME', 'script', 'svg', 'linearGradient', 'link'];
  const html = element(2, 'html', { childNodes: tags.map((tag, at) => element(at + 3, tag, { ...(at > 2 && at < 5 && { isSVG: true }), ...(tag === 'link' && { attributes: { _cssText: '' } }) })) });
  disarmer.disarm({ type: 2, timestamp: 1, data: { node: { type: 0, id: 1, childNodes: [html] } } });
  expect([3, 4, 5, 6, 7, 8, 99].map((id) => disarmer.nameOf(id))).toEqual(['p', 'iframe', undefined, 'svg', 'lineargradient', 'link', undefined]);
});
