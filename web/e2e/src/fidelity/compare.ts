/** How much of what a page showed its replay shows otherwise, and a picture of where. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import type { Rectangle } from "./rectangles";

/** Of the pixels that no rectangle covers so many may differ. */
export const PERCENT_MAX = 2;
/** A window that is covered further than this is not worth comparing. */
export const COVERED_MAX = 75;
/** Edges of what is covered: shadows and rings of focus reach beyond their element. */
const EDGE = 3;
const COVER = 0xff_80_80_80;

export interface Difference {
  page: string;
  moment: string;
  percent: number;
  covered: number;
}

export interface Pair {
  page: string;
  moment: string;
  original: Buffer;
  replayed: Buffer;
  rectangles: readonly Rectangle[];
}

export function compare({ page, moment, original, replayed, rectangles }: Pair, folder: string): Difference {
  const [one, other] = [PNG.sync.read(original), PNG.sync.read(replayed)];
  const { width, height } = one;
  for (const image of [one, other]) for (const each of rectangles) cover(image, each);
  const pixels = new Uint32Array(one.data.buffer, one.data.byteOffset, width * height);
  const covered = countCovered(pixels, rectangles, width, height);
  const picture = new PNG({ width, height });
  const differing = pixelmatch(one.data, other.data, picture.data, width, height, { threshold: 0.1 });
  const percent = (100 * differing) / Math.max(1, width * height - covered);
  mkdirSync(folder, { recursive: true });
  const name = `${page} ${moment}`.replace(/[^\w]+/g, "-");
  for (const [kind, image] of Object.entries({ page: one, replay: other, difference: picture })) {
    writeFileSync(join(folder, `${name}.${kind}.png`), PNG.sync.write(image));
  }
  return { page, moment, percent, covered: (100 * covered) / (width * height) };
}

/** The rows and columns of an image that a rectangle covers. */
function clip({ x, y, width, height }: Rectangle, image: { width: number; height: number }) {
  const within = (value: number, max: number) => Math.min(max, Math.max(0, value));
  return {
    left: within(Math.floor(x) - EDGE, image.width),
    right: within(Math.ceil(x + width) + EDGE, image.width),
    top: within(Math.floor(y) - EDGE, image.height),
    bottom: within(Math.ceil(y + height) + EDGE, image.height),
  };
}

function cover(image: PNG, rectangle: Rectangle): void {
  const { left, right, top, bottom } = clip(rectangle, image);
  const pixels = new Uint32Array(image.data.buffer, image.data.byteOffset, image.width * image.height);
  for (let row = top; row < bottom; row += 1) pixels.fill(COVER, row * image.width + left, row * image.width + right);
}

function countCovered(pixels: Uint32Array, rectangles: readonly Rectangle[], width: number, height: number): number {
  const covered = new Uint8Array(pixels.length);
  for (const rectangle of rectangles) {
    const { left, right, top, bottom } = clip(rectangle, { width, height });
    for (let row = top; row < bottom; row += 1) covered.fill(1, row * width + left, row * width + right);
  }
  return covered.reduce((sum, each) => sum + each, 0);
}

export const HEAD = `${"page".padEnd(28)}${"moment".padEnd(26)}differs  covered`;

export const asLine = ({ page, moment, percent, covered }: Difference): string =>
  `${page.padEnd(28)}${moment.padEnd(26)}${percent.toFixed(2).padStart(6)}%  ${covered.toFixed(0).padStart(6)}%`;
