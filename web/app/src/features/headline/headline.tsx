/** The headline: six numbers with their change. Choosing one draws it below. */
import { formatExact } from '../../lib/format.ts';
import { compareValues, formatMetric, HEADLINE_METRICS, type HeadlineMetric, metric } from '../../lib/metrics.ts';
import type { Values } from '../../lib/report.ts';
import { ChangeLabel } from '../../ui/change-label.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { WORDS } from './messages.ts';

interface HeadlineProps {
  totals?: Values;
  compared?: Values;
  comparing: boolean;
  chosen: HeadlineMetric;
  onChoose: (metric: HeadlineMetric) => void;
}

export function Headline({ totals, compared, comparing, chosen, onChoose }: HeadlineProps) {
  return (
    <fieldset className="grid min-w-0 grid-cols-2 gap-x-4 sm:grid-cols-3 sm:gap-x-6 lg:grid-cols-6">
      <legend className="sr-only">{WORDS.legend}</legend>
      {HEADLINE_METRICS.map((name) => (
        <Figure
          key={name}
          name={name}
          value={totals?.[name]}
          base={compared?.[name]}
          comparing={comparing}
          chosen={name === chosen}
          onChoose={() => onChoose(name)}
        />
      ))}
    </fieldset>
  );
}

interface FigureProps {
  name: HeadlineMetric;
  value: number | null | undefined;
  base: number | null | undefined;
  comparing: boolean;
  chosen: boolean;
  onChoose: () => void;
}

const FRAME =
  'group relative flex min-w-0 flex-col items-start border-line border-t pt-3 pb-5 text-left ' +
  'after:absolute after:inset-x-0 after:-top-px after:h-0.5 after:forced-color-adjust-none after:bg-transparent hover:after:bg-edge aria-pressed:after:bg-accent';

function Figure({ name, value, base, comparing, chosen, onChoose }: FigureProps) {
  const { label, meaning } = metric(name);
  const known = value !== undefined;
  return (
    <button type="button" aria-pressed={chosen} title={meaning} className={FRAME} onClick={onChoose}>
      <span className="text-sm text-soft group-aria-pressed:font-medium group-aria-pressed:text-ink">{label}</span>
      {known ? (
        <span
          title={value === null ? WORDS.unknown : formatExact(value)}
          className="numerals mt-0.5 font-[580] text-figure tracking-[-0.028em]"
        >
          {formatMetric(name, value)}
        </span>
      ) : (
        <Skeleton className="mt-1.5 mb-1 h-7 w-20" />
      )}
      {comparing && (
        <span className="numerals mt-0.5 min-h-4 text-xs">
          {known && <ChangeLabel change={compareValues(name, value, base)} base={formatMetric(name, base)} />}
        </span>
      )}
    </button>
  );
}
