/** Where the points of the time series lie. Pure arithmetic in the units of the drawing. */
import { max, nice, ticks } from 'd3-array';
import { bucketState, type Interval } from '../../lib/interval.ts';
import type { HeadlineMetric } from '../../lib/metrics.ts';
import type { Moment } from '../../lib/period.ts';
import type { Bucket } from '../../lib/report.ts';

export interface Point {
  label: string;
  state: 'over' | 'filling' | 'ahead';
  x: number;
  value: number | null;
  y: number | null;
  /** The compared bucket, where there is one. */
  before?: { label: string; value: number | null; y: number | null };
}

export interface Geometry {
  points: Point[];
  ticks: { value: number; y: number }[];
  width: number;
  top: number;
  bottom: number;
}

export interface Frame {
  width: number;
  height: number;
}

const TOP = 12;
const BOTTOM = 28;
const SIDE = 4;
const TICKS = 4;
/** Steps of a clock, in seconds: a quarter of an hour is rounder than a thousand seconds. */
const CLOCK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];

export function placePoints(
  series: Bucket[],
  compared: Bucket[] | undefined,
  metric: HeadlineMetric,
  { interval, moment, frame }: { interval: Interval; moment: Moment; frame: Frame },
): Geometry {
  const values = [...series, ...(compared ?? []).slice(0, series.length)].map((bucket) => bucket.values[metric] ?? 0);
  const scale = chooseTicks(max(values) ?? 0, metric);
  const top = scale.at(-1)!;
  const bottom = frame.height - BOTTOM;
  const toY = (value: number | null) => (value === null ? null : bottom - (value / top) * (bottom - TOP));
  const span = frame.width - 2 * SIDE;
  const points = series.map((bucket, index): Point => {
    const state = bucketState(bucket.label, interval, moment);
    const value = state === 'ahead' ? null : bucket.values[metric];
    const before = compared?.[index];
    return {
      label: bucket.label,
      state,
      x: SIDE + (series.length > 1 ? (index / (series.length - 1)) * span : span / 2),
      value,
      y: toY(value),
      before: before && { label: before.label, value: before.values[metric], y: toY(before.values[metric]) },
    };
  });
  return { points, ticks: scale.map((value) => ({ value, y: toY(value)! })), width: frame.width, top: TOP, bottom };
}

function chooseTicks(highest: number, metric: HeadlineMetric): number[] {
  if (metric === 'visit_duration') {
    const step = CLOCK_STEPS.find((each) => highest / each <= TICKS) ?? 28_800;
    return Array.from({ length: Math.max(1, Math.ceil(highest / step)) + 1 }, (_, index) => index * step);
  }
  const counted = metric !== 'views_per_visit';
  const [, top] = nice(0, Math.max(highest, counted ? 4 : 1), TICKS);
  return ticks(0, top, TICKS).filter((tick) => !counted || Number.isInteger(tick));
}

/** The points to write a label under, so that labels keep their distance; counted back from the last. */
export function chooseLabels(points: Point[], width: number, spaceMin: number): Point[] {
  const step = Math.max(1, Math.ceil(points.length / Math.max(1, Math.floor(width / spaceMin))));
  return points.filter((_, index) => (points.length - 1 - index) % step === 0);
}

export function nearestIndex(points: Point[], x: number): number {
  if (points.length < 2) return 0;
  const step = points[1]!.x - points[0]!.x;
  return Math.min(points.length - 1, Math.max(0, Math.round((x - points[0]!.x) / step)));
}
