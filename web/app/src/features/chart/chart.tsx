/** The time series: a figure that is drawn, can be walked with the arrow keys, and has the same numbers as a table. */
import { type KeyboardEvent, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { bucketPeriod, type Interval } from '../../lib/interval.ts';
import { formatMetric, type HeadlineMetric, metric } from '../../lib/metrics.ts';
import type { Moment, Period } from '../../lib/period.ts';
import type { Bucket } from '../../lib/report.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ChartTable } from './chart-table.tsx';
import { CursorCard } from './cursor-card.tsx';
import { chooseLabels, nearestIndex, type Point, placePoints } from './geometry.ts';
import { FILLING_WORDS, nameBucket, nameTick, WORDS } from './messages.ts';
import { Plot } from './plot.tsx';

interface ChartProps {
  series?: Bucket[];
  compared?: Bucket[];
  name: HeadlineMetric;
  interval: Interval;
  moment: Moment;
  onZoom: (period: Period) => void;
}

const LABEL_SPACE: Record<Interval, number> = { hour: 52, day: 80, week: 80, month: 60 };

export function Chart({ series, compared, name, interval, moment, onZoom }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const height = width < 560 ? 220 : 300;
  const [at, setAt] = useState<number>();
  const tableId = useId();
  const geometry = useMemo(
    () => (series && width > 0 ? placePoints(series, compared, name, { interval, moment, frame: { width, height } }) : undefined),
    [series, compared, name, interval, moment, width, height],
  );
  const points = geometry?.points ?? [];
  const cursor = at === undefined ? undefined : points[at];
  const severalDays = new Set(points.map((point) => point.label.slice(0, 10))).size > 1;
  const target = cursor && bucketPeriod(cursor.label, interval, moment);

  function moveCursor(event: KeyboardEvent) {
    const last = points.length - 1;
    const from = at ?? last;
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last, PageUp: from - 7, PageDown: from + 7 }[event.key];
    if (event.key === 'Escape') setAt(undefined);
    if (event.key === 'Enter' && target) onZoom(target);
    if (to === undefined) return;
    event.preventDefault();
    setAt(Math.min(last, Math.max(0, to)));
  }

  return (
    <figure aria-details={tableId} className="relative">
      <figcaption className="sr-only">{WORDS.caption(metric(name).label)}</figcaption>
      <div
        ref={box}
        role="slider"
        tabIndex={points.length > 0 ? 0 : -1}
        aria-label={WORDS.overTime(metric(name).label)}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, points.length - 1)}
        aria-valuenow={at ?? Math.max(0, points.length - 1)}
        aria-valuetext={describePoint(cursor ?? points.at(-1), interval, name)}
        className={`touch-pan-y rounded-sm outline-offset-4 ${target ? 'cursor-pointer' : ''}`}
        onKeyDown={moveCursor}
        onFocus={(event) => event.currentTarget.matches(':focus-visible') && setAt((known) => known ?? points.length - 1)}
        onBlur={() => setAt(undefined)}
        onPointerMove={(event) => setAt(nearestIndex(points, event.clientX - event.currentTarget.getBoundingClientRect().left))}
        onPointerLeave={() => setAt(undefined)}
        onClick={() => target && onZoom(target)}
      >
        {geometry ? (
          <Plot
            geometry={geometry}
            height={height}
            cursor={cursor}
            labels={chooseLabels(points, interval, width, LABEL_SPACE[interval]).map((point) => ({
              x: point.x,
              text: nameTick(point.label, interval, severalDays),
            }))}
          />
        ) : (
          <div style={{ height }} className="flex items-end pb-7">
            <Skeleton className="h-full w-full" />
          </div>
        )}
      </div>
      {cursor && cursor.state !== 'ahead' && (
        <CursorCard point={cursor} interval={interval} name={name} width={width} zooms={!!target} />
      )}
      <ChartTable id={tableId} points={points} interval={interval} name={name} />
    </figure>
  );
}

function describePoint(point: Point | undefined, interval: Interval, name: HeadlineMetric): string {
  if (!point) return WORDS.none;
  const before = point.before ? `, before ${formatMetric(name, point.before.value)}` : '';
  const filling = point.state === 'filling' ? `, ${FILLING_WORDS[interval]}` : '';
  return `${nameBucket(point.label, interval)}: ${formatMetric(name, point.value)}${before}${filling}`;
}

function useWidth(ref: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}
