/** A change against the compared period: arrow, sign and colour, and a whole sentence for those who listen. */
import type { Change } from '../lib/metrics.ts';

export function ChangeLabel({ change, base }: { change: Change | undefined; base: string }) {
  if (!change) return null;
  if (change.kind === 'same') return <span className="text-faint">no change</span>;
  if (change.kind === 'new') return <span className="text-faint">from 0</span>;
  const up = change.kind === 'up';
  const unit = change.unit === 'percent' ? '%' : change.amount === 1 ? ' pt' : ' pts';
  return (
    <span className={change.good ? 'text-good' : 'text-bad'} title={`Before: ${base}`}>
      <span aria-hidden="true">
        {up ? '↑' : '↓'} {up ? '+' : '−'}
        {change.amount}
        {unit}
      </span>
      <span className="sr-only">
        {up ? 'up' : 'down'} {change.amount} {change.unit}, before {base}
      </span>
    </span>
  );
}
