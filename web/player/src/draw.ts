/** Draws over a page: heat in a picture, what is told of its depth in bands. Whoever reads it reads figures, too. */
import { colourField, type Warm, warm } from './heat.ts';
import { colourOf, cssOf } from './palette.ts';
import type { Layer } from './protocol.ts';

interface Size {
  width: number;
  height: number;
}

const SVG = 'http://www.w3.org/2000/svg';
const COLOUR_MOST = 0.82;

/** How much is within reach of the warmest place. */
export function drawHeat(layer: HTMLElement, points: readonly Warm[], { width, height }: Size): number {
  const field = warm(points, width, height);
  const canvas = document.createElement('canvas');
  canvas.width = field.width;
  canvas.height = field.height;
  canvas.getContext('2d')?.putImageData(new ImageData(colourField(field), field.width, field.height), 0, 0);
  layer.append(canvas);
  return field.peak;
}

/** Of bands the colour goes by the most of them, of a depth by all who came. */
export function drawShares(layer: HTMLElement, { is, shares }: Extract<Layer, { shares: readonly number[] }>, { width, height }: Size): void {
  const most = is === 'depth' ? 1 : Math.max(...shares);
  const high = height / shares.length;
  const step = 100 / shares.length;
  const colours = shares.map((share, at) => `${cssOf(colourOf(most > 0 ? (share / most) * COLOUR_MOST : 0))} ${at * step}% ${(at + 1) * step}%`);
  // In one piece, so that no seam is to be seen between two of them.
  const shade = document.createElement('div');
  shade.className = 'shade';
  shade.style.background = `linear-gradient(to bottom, ${colours.join(', ')})`;
  layer.append(shade);
  shares.forEach((share, at) => {
    const band = document.createElement('div');
    band.className = 'band';
    band.style.top = `${at * high}px`;
    band.style.height = `${high}px`;
    const figure = document.createElement('span');
    figure.textContent = `${Math.round(share * 100)}%`;
    band.append(figure);
    layer.append(band);
  });
  if (is === 'depth') layer.append(drawCurve(shares, { width, height }));
}

/** As far to the right as many came so deep. */
function drawCurve(shares: readonly number[], { width, height }: Size): SVGSVGElement {
  const curve = document.createElementNS(SVG, 'svg');
  curve.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const line = document.createElementNS(SVG, 'polyline');
  const high = height / shares.length;
  line.setAttribute('points', shares.map((share, at) => `${share * width},${at * high} ${share * width},${(at + 1) * high}`).join(' '));
  curve.append(line);
  return curve;
}
