/** What stands at the cursor: the bucket, its value, the compared bucket and the change. */
import { formatExact } from '../../lib/format.ts';
import type { Interval } from '../../lib/interval.ts';
import { compareValues, formatMetric, type HeadlineMetric, metric } from '../../lib/metrics.ts';
import { ChangeLabel } from '../../ui/change-label.tsx';
import type { Point } from './geometry.ts';
import { FILLING_WORDS, nameBucket, WORDS } from './messages.ts';

interface CursorCardProps {
  point: Point;
  interval: Interval;
  name: HeadlineMetric;
  width: number;
  zooms: boolean;
}

const CARD_WIDTH = 216;
const GAP = 14;

export function CursorCard({ point, interval, name, width, zooms }: CursorCardProps) {
  const left = point.x + GAP + CARD_WIDTH > width ? Math.max(0, point.x - GAP - CARD_WIDTH) : point.x + GAP;
  const shown = (value: number | null) =>
    value !== null && Number.isInteger(value) && isCount(name) ? formatExact(value) : formatMetric(name, value);
  return (
    <div
      className="pointer-events-none absolute top-2 z-10 rounded-md bg-raised p-3 text-sm shadow-overlay"
      style={{ left, width: Math.min(CARD_WIDTH, width) }}
    >
      <p className="mb-2 text-faint text-xs">{metric(name).label}</p>
      <dl className="grid gap-1.5">
        <Line swatch="bg-accent" term={nameBucket(point.label, interval)} value={shown(point.value)} strong />
        {point.before && (
          <Line swatch="bg-edge" term={nameBucket(point.before.label, interval)} value={shown(point.before.value)} />
        )}
      </dl>
      {point.before && point.state === 'over' && (
        <p className="numerals mt-2 text-right text-xs">
          <ChangeLabel change={compareValues(name, point.value, point.before.value)} base={shown(point.before.value)} />
        </p>
      )}
      {point.state === 'filling' && <p className="mt-2 text-faint text-xs">{FILLING_WORDS[interval]}</p>}
      {zooms && <p className="mt-2 border-line border-t pt-2 text-faint text-xs">{WORDS.closer}</p>}
    </div>
  );
}

const isCount = (name: HeadlineMetric) => name === 'visitors' || name === 'visits' || name === 'pageviews';

function Line({ swatch, term, value, strong }: { swatch: string; term: string; value: string; strong?: boolean }) {
  return (
    <div className="flex items-center gap-2">
      <dt className="flex min-w-0 flex-1 items-center gap-2 text-soft">
        <span className={`h-0.5 w-2.5 shrink-0 forced-color-adjust-none ${swatch}`} />
        <span className="truncate">{term}</span>
      </dt>
      <dd className={`numerals ${strong ? 'font-semibold' : 'text-soft'}`}>{value}</dd>
    </div>
  );
}
