/** Where the points of the time series lie. Pure arithmetic in the units of the drawing. */
import { max, ticks } from 'd3-array';
import { bucketState, type Interval, readLabel } from '../../lib/interval.ts';
import { formatMetric, type HeadlineMetric } from '../../lib/metrics.ts';
import type { Moment } from '../../lib/period.ts';
import type { Bucket } from '../../lib/report.ts';
import { nameTickValue } from './messages.ts';

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
  ticks: { value: number; y: number; text: string }[];
  /** Where the drawing begins; left of it stand the values of the ticks. */
  left: number;
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
const SIDE = 6;
/** The width of a digit of the smallest text, and the space after a tick's value. */
const DIGIT = 7.2;
const GAP = 10;
const TICKS = 4;
const HEADROOM = 1.06;
/** Steps of a clock, in seconds: a quarter of an hour is rounder than a thousand seconds. */
const CLOCK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];

export function placePoints(
  series: Bucket[],
  compared: Bucket[] | undefined,
  metric: HeadlineMetric,
  { interval, moment, frame }: { interval: Interval; moment: Moment; frame: Frame },
): Geometry {
  const values = [...series, ...(compared ?? []).slice(0, series.length)].map((bucket) => bucket.values[metric] ?? 0);
  const top = Math.max(max(values) ?? 0, 1) * HEADROOM;
  const scale = chooseTicks(top, metric);
  const bottom = frame.height - BOTTOM;
  const toY = (value: number | null) => (value === null ? null : bottom - (value / top) * (bottom - TOP));
  const marks = scale.map((value) => ({ value, y: toY(value)!, text: nameTickValue(formatMetric(metric, value)) }));
  const left = Math.ceil((max(marks, (mark) => mark.text.length) ?? 1) * DIGIT + GAP);
  const span = frame.width - left - 2 * SIDE;
  const points = series.map((bucket, index): Point => {
    const state = bucketState(bucket.label, interval, moment);
    const value = state === 'ahead' ? null : bucket.values[metric];
    const before = compared?.[index];
    return {
      label: bucket.label,
      state,
      x: left + SIDE + (series.length > 1 ? (index / (series.length - 1)) * span : span / 2),
      value,
      y: toY(value),
      before: before && { label: before.label, value: before.values[metric], y: toY(before.values[metric]) },
    };
  });
  return { points, ticks: marks, left, width: frame.width, top: TOP, bottom };
}

/** Round steps from zero on; the drawing itself ends a little above the highest value and not at a round one. */
function chooseTicks(highest: number, metric: HeadlineMetric): number[] {
  if (metric === 'visit_duration') {
    const step = CLOCK_STEPS.find((each) => highest / each <= TICKS) ?? 28_800;
    return Array.from({ length: Math.floor(highest / step) + 1 }, (_, index) => index * step);
  }
  const whole = metric !== 'views_per_visit';
  return ticks(0, highest, TICKS).filter((tick) => !whole || Number.isInteger(tick));
}

const HOUR_STEPS = [1, 2, 3, 4, 6, 12, 24, 48, 96];

/** The points to write a label under, so that labels keep their distance: round hours, or days counted back from the last. */
export function chooseLabels(points: Point[], interval: Interval, width: number, spaceMin: number): Point[] {
  const least = Math.max(1, Math.ceil(points.length / Math.max(1, Math.floor(width / spaceMin))));
  if (interval !== 'hour') return points.filter((_, index) => (points.length - 1 - index) % least === 0);
  const step = HOUR_STEPS.find((each) => each >= least) ?? 168;
  const first = readLabel(points[0]?.label ?? '').hour;
  return points.filter((_, index) => (index + first) % step === 0);
}

/** Points with a value whose neighbours have none: a line cannot show them, so they are drawn as dots. */
export function findLone(points: Point[]): Point[] {
  const drawn = (index: number) => points[index]?.state === 'over' && points[index]?.y !== null;
  return points.filter((_, index) => drawn(index) && !drawn(index - 1) && !drawn(index + 1));
}

export function nearestIndex(points: Point[], x: number): number {
  if (points.length < 2) return 0;
  const step = points[1]!.x - points[0]!.x;
  return Math.min(points.length - 1, Math.max(0, Math.round((x - points[0]!.x) / step)));
}
