/** A masked answer as it came: its rows, and how many there were that nobody is shown. */
import type { Metric } from '../lib/metrics.ts';
import { formatMetric, metric } from '../lib/metrics.ts';
import { nameValue } from '../lib/names.ts';
import { VIEW as WORDS } from './messages.ts';
import type { MaskedAnswer } from './schema.ts';
import { type By, dimensionOf, ROWS_MAX } from './view-questions.ts';

interface ViewTableProps {
  by: By;
  head: string;
  metrics: readonly Metric[];
  answer: MaskedAnswer;
}

export function ViewTable({ by, head, metrics, answer }: ViewTableProps) {
  const { results, left_out } = answer;
  const isUnknown = by === 'total' && results.every((row) => row.metrics.every((value) => value === null));
  return (
    <div>
      <p role="status" className="mb-2 text-soft text-sm">
        {by === 'total' ? isUnknown && WORDS.unknown : WORDS.rows(results.length, left_out)}
        {results.length + left_out >= ROWS_MAX && by !== 'time' && ` ${WORDS.most(ROWS_MAX)}`}
      </p>
      {results.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        <section aria-label={WORDS.answer} tabIndex={0} className="overflow-x-auto">
          <table className="w-full text-sm">
            <thead>
              <tr className="border-line border-b text-faint text-xs">
                <th scope="col" className="py-2 pr-4 text-left font-normal">
                  {head}
                </th>
                {metrics.map((name) => (
                  <th key={name} scope="col" className="py-2 pl-4 text-right font-normal" title={metric(name).meaning}>
                    {metric(name).short}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {results.map((row) => (
                <tr key={row.dimensions.join()} className="border-line border-b">
                  <th scope="row" className="wrap-anywhere min-w-24 py-2 pr-4 text-left font-normal">
                    {nameRow(by, row.dimensions[0])}
                  </th>
                  {metrics.map((name, at) => (
                    <td key={name} className="numerals py-2 pl-4 text-right">
                      {formatMetric(name, row.metrics[at])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}

const MINUTE_SIGNS = '2026-01-01 00:00'.length;

function nameRow(by: By, value: string | undefined): string {
  if (value === undefined) return WORDS.all;
  // Moments need no seconds; days are as they are.
  if (by === 'time') return value.slice(0, MINUTE_SIGNS);
  return nameValue(dimensionOf(by)?.kind ?? 'text', value);
}
