/** The line above the drawing: what each stroke stands for, and the size of the buckets. */
import { fittingIntervals, INTERVALS, type Interval } from '../../lib/interval.ts';
import type { Range } from '../../lib/period.ts';
import { FILLING_WORDS, INTERVAL_WORDS, WORDS } from './messages.ts';

interface ChartHeadProps {
  range: Range;
  interval: Interval;
  period: string;
  compared?: string;
  filling: boolean;
  onInterval: (interval: Interval) => void;
}

export function ChartHead({ range, interval, period, compared, filling, onInterval }: ChartHeadProps) {
  const fitting = fittingIntervals(range);
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 pb-3">
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-soft text-xs">
        <Key stroke="bg-accent">{period}</Key>
        {compared && <Key stroke="bg-edge">{compared}</Key>}
        {filling && (
          <Key stroke="bg-[repeating-linear-gradient(90deg,var(--color-accent)_0_3px,transparent_3px_6px)]">
            {FILLING_WORDS[interval]}
          </Key>
        )}
      </ul>
      {fitting.length > 1 && (
        <fieldset className="flex print:hidden">
          <legend className="sr-only">{WORDS.buckets}</legend>
          {INTERVALS.filter((each) => fitting.includes(each)).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === interval}
              className="h-7 rounded-sm px-2 font-medium text-faint text-xs transition-colors duration-100 hover:text-ink aria-pressed:bg-wash aria-pressed:text-ink"
              onClick={() => onInterval(each)}
            >
              {INTERVAL_WORDS[each]}
            </button>
          ))}
        </fieldset>
      )}
    </div>
  );
}

function Key({ stroke, children }: { stroke: string; children: string }) {
  return (
    <li className="flex items-center gap-2">
      <span className={`h-0.5 w-4 forced-color-adjust-none ${stroke}`} />
      {children}
    </li>
  );
}
