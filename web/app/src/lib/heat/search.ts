/** What the screen of heatmaps keeps in the URL: the layer, and of each of two sides which views of which page it shows. Pure. */
import { DEFAULT_PERIOD, type Period } from '../period.ts';
import { readRecordingsSearch } from '../search.ts';
import { isLayer, isScreen, type LayerName, type ScreenName } from './layers.ts';

export interface SideSearch {
  /** Of a page, or a pattern of them. */
  path?: string;
  screen?: ScreenName;
  period?: Period;
  /** Filters, each as `writeFilter` writes it. */
  f?: string[];
  /** The element whose recordings are open. */
  spot?: number;
}

type Second = { [K in keyof SideSearch as `${K}2`]: SideSearch[K] };

export interface HeatSearch extends SideSearch, Second {
  layer?: LayerName;
  /** A second side stands beside the first. */
  beside?: true;
}

export type SideName = 'first' | 'second';

export const DEFAULT_LAYER: LayerName = 'clicks';
export const DEFAULT_SCREEN: ScreenName = 'desktop';
const PATH_MAX = 500;
const PARTS = ['path', 'screen', 'period', 'f', 'spot'] as const;

/** Takes whatever stands in the URL and keeps what means something. */
export function readHeatSearch(raw: Record<string, unknown>): HeatSearch {
  const first = readSide(raw.path, raw.screen, raw.period, raw.f, raw.spot);
  const layer = isLayer(raw.layer) && raw.layer !== DEFAULT_LAYER ? raw.layer : undefined;
  const whole: HeatSearch = { ...first, ...(layer && { layer }) };
  if (String(raw.beside) !== 'true') return whole;
  const second = readSide(raw.path2, raw.screen2, raw.period2, raw.f2, raw.spot2);
  return { ...whole, beside: true, ...ofSide('second', second) };
}

function readSide(path: unknown, screen: unknown, period: unknown, f: unknown, spot: unknown): SideSearch {
  const element = Number(spot);
  return {
    ...(typeof path === 'string' && path !== '' && { path: path.slice(0, PATH_MAX) }),
    ...(isScreen(screen) && screen !== DEFAULT_SCREEN && { screen }),
    ...readRecordingsSearch({ period, f }),
    ...(spot !== undefined && spot !== '' && Number.isInteger(element) && element >= 0 && element < 2 ** 32 && { spot: element }),
  };
}

/** A side's part of the URL under its own names. */
export function ofSide(side: SideName, search: SideSearch): HeatSearch {
  if (side === 'first') return search;
  return Object.fromEntries(Object.entries(search).map(([key, value]) => [`${key}2`, value]));
}

export function sideOf(search: HeatSearch, side: SideName): SideSearch {
  if (side === 'first') return pick(search, '');
  const { path = search.path, ...rest } = pick(search, '2');
  return { ...(path !== undefined && { path }), ...rest };
}

const pick = (search: HeatSearch, end: '' | '2'): SideSearch =>
  Object.fromEntries(PARTS.map((part) => [part, search[`${part}${end}`]]).filter(([, value]) => value !== undefined));

/** Other views are other elements: what was open of the ones before is closed. */
export const changeOfSide = (side: SideName, change: SideSearch): HeatSearch => ofSide(side, { spot: undefined, ...change });

/** The second side begins as the first, on the next smaller screen. */
export function beginBeside(search: HeatSearch): HeatSearch {
  const { spot: _, screen = DEFAULT_SCREEN, ...side } = sideOf(search, 'first');
  return { beside: true, ...ofSide('second', { ...side, screen: screen === 'phone' ? 'desktop' : 'phone' }) };
}

/** What takes the second side out of the URL. */
export const endBeside: HeatSearch = { beside: undefined, ...Object.fromEntries(PARTS.map((part) => [`${part}2`, undefined])) };

export const periodOf = ({ period }: SideSearch): Period => period ?? DEFAULT_PERIOD;
export const screenOf = ({ screen }: SideSearch): ScreenName => screen ?? DEFAULT_SCREEN;
