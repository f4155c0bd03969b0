/** How warm each place of a page is: every point warms what is near it, most at the point itself. Pure. */
import { colourOf, shareOf } from './palette.ts';

export interface Warm {
  /** Pixels of the page. */
  x: number;
  y: number;
  /** Above 0. */
  weight: number;
}

export interface Field {
  /** Cells, line by line. */
  values: Float32Array;
  width: number;
  height: number;
  /** The warmest cell: what happened within reach of it. */
  peak: number;
}

/** So far a point is felt, in pixels of the page. */
export const REACH = 32;
/** A field has at most so many cells; those of a larger page are larger than a pixel. */
export const CELLS_MAX = 6_000_000;

export function warm(points: readonly Warm[], width: number, height: number): Field {
  const scale = Math.min(1, Math.sqrt(CELLS_MAX / (width * height)));
  const [columns, lines] = [Math.max(1, Math.floor(width * scale)), Math.max(1, Math.floor(height * scale))];
  const values = new Float32Array(columns * lines);
  const reach = Math.max(2, Math.round(REACH * scale));
  const stamp = makeStamp(reach);
  const side = 2 * reach + 1;
  let peak = 0;
  for (const { x, y, weight } of points) {
    const [column, line] = [Math.floor((x * columns) / width), Math.floor((y * lines) / height)];
    const [left, right] = [Math.max(0, column - reach), Math.min(columns - 1, column + reach)];
    for (let at = Math.max(0, line - reach); at <= Math.min(lines - 1, line + reach); at += 1) {
      const row = (at - line + reach) * side - column + reach;
      for (let cell = left; cell <= right; cell += 1) {
        const value = values[at * columns + cell]! + weight * stamp[row + cell]!;
        values[at * columns + cell] = value;
        if (value > peak) peak = value;
      }
    }
  }
  return { values, width: columns, height: lines, peak };
}

/** One in the middle, nothing at the edge, and smooth at both. */
function makeStamp(reach: number): Float32Array {
  const side = 2 * reach + 1;
  return Float32Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [(at % side) - reach, Math.floor(at / side) - reach];
    return Math.max(0, 1 - (x * x + y * y) / ((reach + 1) * (reach + 1))) ** 2;
  });
}

/** Each cell's colour, as a picture has it. */
export function colourField({ values, peak }: Field): Uint8ClampedArray<ArrayBuffer> {
  const steps = 255;
  const table = Array.from({ length: steps + 1 }, (_, step) => colourOf(step / steps));
  const pixels = new Uint8ClampedArray(values.length * 4);
  for (let cell = 0; cell < values.length; cell += 1) {
    const value = values[cell]!;
    if (value === 0) continue;
    const [red, green, blue, alpha] = table[Math.round(shareOf(value, peak) * steps)]!;
    pixels[cell * 4] = red;
    pixels[cell * 4 + 1] = green;
    pixels[cell * 4 + 2] = blue;
    pixels[cell * 4 + 3] = alpha * 255;
  }
  return pixels;
}
