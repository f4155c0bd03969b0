/** The headline: what is shown in words, then six numbers with their change. Choosing one draws it below. */
import { formatExact } from '../../lib/format.ts';
import { compareValues, formatMetric, HEADLINE_METRICS, type HeadlineMetric, metric } from '../../lib/metrics.ts';
import type { Values } from '../../lib/report.ts';
import { ChangeLabel } from '../../ui/change-label.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

interface HeadlineProps {
  totals?: Values;
  compared?: Values;
  comparing: boolean;
  chosen: HeadlineMetric;
  onChoose: (metric: HeadlineMetric) => void;
}

export function Headline({ totals, compared, comparing, chosen, onChoose }: HeadlineProps) {
  return (
    <fieldset className="grid grid-cols-2 border-line border-y sm:grid-cols-3 lg:grid-cols-6">
      <legend className="sr-only">Headline numbers; choose one to draw it</legend>
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
  'group relative flex flex-col items-start gap-1 px-4 py-4 text-left outline-offset-[-2px] transition-colors duration-100 hover:bg-wash ' +
  'border-line not-nth-[2n+1]:border-l nth-[n+3]:border-t sm:not-nth-[3n+1]:border-l sm:nth-[3n+1]:border-l-0 sm:nth-[3]:border-t-0 ' +
  'lg:nth-[n+2]:border-l lg:border-t-0! ' +
  'after:absolute after:inset-x-0 after:-top-px after:h-0.5 aria-pressed:after:bg-accent';

function Figure({ name, value, base, comparing, chosen, onChoose }: FigureProps) {
  const { label, meaning } = metric(name);
  const known = value !== undefined;
  return (
    <button type="button" aria-pressed={chosen} className={FRAME} onClick={onChoose}>
      <span title={meaning} className="text-faint text-sm group-hover:text-ink group-aria-pressed:text-ink">
        {label}
      </span>
      {known ? (
        <span
          title={value === null ? 'Not known' : formatExact(value)}
          className="numerals font-[560] text-figure tracking-[-0.025em]"
        >
          {formatMetric(name, value)}
        </span>
      ) : (
        <Skeleton className="my-1 h-7 w-20" />
      )}
      {comparing && (
        <span className="numerals min-h-4 text-xs">
          {known && <ChangeLabel change={compareValues(name, value, base)} base={formatMetric(name, base)} />}
        </span>
      )}
    </button>
  );
}
