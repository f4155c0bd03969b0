/** What the server says of a page, and what each layer of its heatmap shows of that: points, or shares of the page's depth. Pure. */
import type { Layer, Point } from '@candor/player/protocol';

export const LAYERS = ['clicks', 'rage', 'dead', 'moves', 'scroll', 'attention'] as const;
export type LayerName = (typeof LAYERS)[number];
/** Layers whose places are elements. */
export type PlaceLayer = 'clicks' | 'rage' | 'dead' | 'moves';
/** Layers of which the recordings of a place can be asked for. */
export type ClickLayer = 'clicks' | 'rage' | 'dead';

export const SCREENS = ['phone', 'tablet', 'desktop'] as const;
export type ScreenName = (typeof SCREENS)[number];

export const isLayer = (value: unknown): value is LayerName => (LAYERS as readonly unknown[]).includes(value);
export const isScreen = (value: unknown): value is ScreenName => (SCREENS as readonly unknown[]).includes(value);
export const isOfPlaces = (layer: LayerName): layer is PlaceLayer => layer !== 'scroll' && layer !== 'attention';
export const isOfClicks = (layer: LayerName): layer is ClickLayer => isOfPlaces(layer) && layer !== 'moves';

/** As docs/heatmaps.md says. */
export interface Heatmap {
  recordings: number;
  matching: number;
  views: number;
  screens: Record<ScreenName, number>;
  background?: { recording: string; at: number; width: number; height: number; page?: number };
  clicks: { element: number; x: number; y: number; clicks: number; rage: number; dead: number }[];
  moves: { element: number; x: number; y: number; ms: number }[];
  reached: number[];
  attention: number[];
}

/** What happened on one element; of clicks, or of moves in milliseconds. */
export interface Sum {
  element: number;
  clicks: number;
  rage: number;
  dead: number;
  ms: number;
}

export const measure = (layer: PlaceLayer, sum: Omit<Sum, 'element'>): number => sum[layer === 'moves' ? 'ms' : layer];

/** By element, those with most first; elements on which nothing of the layer happened are left out. */
export function sumElements(heatmap: Heatmap, layer: PlaceLayer): Sum[] {
  const sums = new Map<number, Sum>();
  const places: (Partial<Sum> & { element: number })[] = layer === 'moves' ? heatmap.moves : heatmap.clicks;
  for (const { element, clicks = 0, rage = 0, dead = 0, ms = 0 } of places) {
    const sum = sums.get(element) ?? { element, clicks: 0, rage: 0, dead: 0, ms: 0 };
    sums.set(element, sum);
    sum.clicks += clicks;
    sum.rage += rage;
    sum.dead += dead;
    sum.ms += ms;
  }
  return [...sums.values()]
    .filter((sum) => measure(layer, sum) > 0)
    .sort((a, b) => measure(layer, b) - measure(layer, a) || a.element - b.element);
}

/** Of those who came, how many came to each part of the page; of the time, how much was spent on each. Parts of one. */
export function sharesOf({ views, reached, attention }: Heatmap, layer: 'scroll' | 'attention'): number[] {
  if (layer === 'scroll') return reached.map((each) => Math.min(1, each / Math.max(1, views)));
  const all = attention.reduce((sum, each) => sum + each, 0);
  return attention.map((each) => (all > 0 ? each / all : 0));
}

export function drawLayer(heatmap: Heatmap, layer: LayerName): Layer {
  if (!isOfPlaces(layer)) return { is: layer === 'scroll' ? 'depth' : 'bands', shares: sharesOf(heatmap, layer) };
  const places: (Partial<Sum> & { element: number; x: number; y: number })[] = layer === 'moves' ? heatmap.moves : heatmap.clicks;
  const points = places.map(({ element, x, y, clicks = 0, rage = 0, dead = 0, ms = 0 }): Point => {
    return [element, x, y, measure(layer, { clicks, rage, dead, ms })];
  });
  return { is: 'heat', points: points.filter(([, , , weight]) => weight > 0) };
}

/** There were views, but of none of them is told where anything happened: an earlier recorder recorded them. */
export const lacksPlaces = ({ views, clicks, moves, reached }: Heatmap): boolean =>
  views > 0 && clicks.length === 0 && moves.length === 0 && reached.every((each) => each === 0);
