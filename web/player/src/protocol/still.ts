/**
 * What is said of a page that stands still and of what is drawn over it. Elements are told by the number of docs/heatmaps.md. What
 * the frame says of them, their places and words, is of a stranger's page: it is short, plain and within bounds, or not heard.
 */
import { isCount, isMoment, isRecord, isWithin } from './read.ts';

/** A page has so many parts of equal height for what is told of its depth. */
export const BANDS = 20;
export const ELEMENT_MAX = 0xffff_ffff;
export const POINTS_MAX = 10_000;
/** Of so many elements the frame says where they are and what they are called. */
export const SEEN_MAX = 500;
export const WIDTH_MAX = 10_000;
/** What lies further down on a page is not shown. */
export const PAGE_MAX = 32_000;
export const WORDS_MAX = 80;
/** Boxes may lie outside of the page, but not anywhere. */
const FAR = 1_000_000;

/** The element, thousandths of its width and height, and how much happened there. */
export type Point = readonly [element: number, x: number, y: number, weight: number];

export type Layer =
  | { is: 'heat'; points: readonly Point[] }
  /** From the top of the page down, parts of one. */
  | { is: 'bands' | 'depth'; shares: readonly number[] };

/** In pixels of the page. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** An element that something happened on: where it stands, its tag and the first words in it. */
export interface Seen extends Box {
  element: number;
  tag: string;
  words: string;
}

export interface Drawn {
  is: 'drawn';
  turn: number;
  /** How much happened within reach of the warmest place; nothing where no heat was drawn. */
  peak: number;
  /** Of what weight the points are whose element this page does not have, and whose element is not to be seen on it. */
  lost: number;
  hidden: number;
  /** Those with most first. */
  seen: readonly Seen[];
}

export type StillReport =
  /** The page stands, so wide and so high. */
  | { is: 'stood'; turn: number; width: number; page: number }
  | Drawn
  /** Somebody pressed an element that something happened on, or none. */
  | { is: 'pressed'; element?: number };

export const isElement = (value: unknown): value is number => isCount(value) && value <= ELEMENT_MAX;
const isThousandth = (value: unknown): value is number => isCount(value) && value <= 1000;
const isTag = (value: unknown): value is string => typeof value === 'string' && /^[a-z][a-z0-9-]{0,40}$/.test(value);
/** Neither lines nor signs that turn the text around them. */
export const isPlain = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= WORDS_MAX && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value);

export function readLayer(data: unknown): Layer | undefined {
  if (!isRecord(data)) return undefined;
  const { is, points, shares } = data;
  if (is === 'heat') {
    if (!Array.isArray(points) || points.length > POINTS_MAX) return undefined;
    return points.every(isPoint) ? { is, points: points.map(([...point]) => point as unknown as Point) } : undefined;
  }
  if (is !== 'bands' && is !== 'depth') return undefined;
  if (!Array.isArray(shares) || shares.length !== BANDS) return undefined;
  return shares.every((each) => isWithin(each, 0, 1)) ? { is, shares: [...shares] } : undefined;
}

function isPoint(data: unknown): data is Point {
  if (!Array.isArray(data) || data.length !== 4) return false;
  const [element, x, y, weight] = data;
  return isElement(element) && isThousandth(x) && isThousandth(y) && isMoment(weight) && weight > 0;
}

/** Nothing pressed is an answer too; a number that is none is not. */
export function readPressed({ element }: Record<string, unknown>): { is: 'pressed'; element?: number } | undefined {
  if (element === undefined) return { is: 'pressed' };
  return isElement(element) ? { is: 'pressed', element } : undefined;
}

export function readStood(turn: number, { width, page }: Record<string, unknown>): StillReport | undefined {
  if (!isCount(width) || !isCount(page) || !isWithin(width, 1, WIDTH_MAX) || !isWithin(page, 1, PAGE_MAX)) return undefined;
  return { is: 'stood', turn, width, page };
}

export function readDrawn(turn: number, { peak, lost, hidden, seen }: Record<string, unknown>): Drawn | undefined {
  if (!isMoment(peak) || !isMoment(lost) || !isMoment(hidden)) return undefined;
  if (!Array.isArray(seen) || seen.length > SEEN_MAX) return undefined;
  const read = seen.map(readSeen);
  return read.every((each) => each !== undefined) ? { is: 'drawn', turn, peak, lost, hidden, seen: read } : undefined;
}

function readSeen(data: unknown): Seen | undefined {
  if (!isRecord(data)) return undefined;
  const { element, tag, words, x, y, width, height } = data;
  if (!isElement(element) || !isTag(tag) || !isPlain(words)) return undefined;
  if (!isWithin(x, -FAR, FAR) || !isWithin(y, -FAR, FAR) || !isWithin(width, 0, FAR) || !isWithin(height, 0, FAR)) return undefined;
  return { element, tag, words, x, y, width, height };
}
