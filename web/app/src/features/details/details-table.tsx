/** The rows of the details. Only those in sight are in the document; roles and counts tell the rest. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Dimension } from '../../lib/dimensions.ts';
import { formatExact } from '../../lib/format.ts';
import { formatMetric, type Metric, metric } from '../../lib/metrics.ts';
import { nameValue } from '../../lib/names.ts';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { WORDS } from './messages.ts';
import type { DetailsRow, Sort } from './use-details.ts';

interface DetailsTableProps {
  dimension: Dimension;
  rows?: DetailsRow[];
  offset: number;
  total: number;
  sort: Sort;
  stale: boolean;
  onSort: (sort: Sort) => void;
  onChoose: (value: string) => void;
  /** What else a row leads to. */
  aside?: (value: string, name: string) => ReactNode;
}

const ROW_HEIGHT = 36;
/** On a narrow screen the columns keep their width and the table scrolls sideways. */
const WIDE = 'min-w-[calc(148px+76px*var(--columns))] sm:min-w-0';
const COLUMNS =
  'grid min-w-[calc(148px+76px*var(--columns))] grid-cols-[minmax(0,1fr)_repeat(var(--columns),76px)] sm:min-w-0 sm:grid-cols-[minmax(0,1fr)_repeat(var(--columns),104px)]';

export function DetailsTable({ dimension, rows, offset, total, sort, stale, onSort, onChoose, aside }: DetailsTableProps) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows?.length ?? 0,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page or order starts at its top
  useEffect(() => {
    // In braces: what scrolling gives back is no clean-up.
    box.current?.scrollTo(0, 0);
  }, [offset, sort.by, sort.direction]);
  const top = Math.max(1, ...(rows ?? []).map((row) => row.values[0] ?? 0));
  return (
    <div
      ref={box}
      role="table"
      aria-label={dimension.plural}
      aria-rowcount={total + 1}
      aria-busy={stale}
      style={{ '--columns': dimension.metrics.length } as React.CSSProperties}
      className={`h-[60vh] overflow-auto px-5 transition-opacity duration-150 ${stale ? 'opacity-60' : ''}`}
    >
      <div role="rowgroup" className="sticky top-0 z-10 bg-raised">
        <div role="row" aria-rowindex={1} className={`${COLUMNS} border-line border-b text-xs`}>
          <span role="columnheader" className="flex h-10 items-center text-faint">
            {dimension.label}
          </span>
          {dimension.metrics.map((name) => (
            <SortHeader key={name} name={name} sort={sort} onSort={onSort} />
          ))}
        </div>
      </div>
      {!rows && <Waiting />}
      {rows?.length === 0 && <p className="py-10 text-center text-faint text-sm">{WORDS.none}</p>}
      <div role="rowgroup" className={`relative mb-2 ${WIDE}`} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows![item.index]!;
          const name = nameValue(dimension.kind, row.name);
          return (
            <div
              key={item.key}
              role="row"
              aria-rowindex={offset + item.index + 2}
              className={`group ${COLUMNS} absolute inset-x-0 items-center border-line border-b hover:bg-wash`}
              style={{ top: item.start, height: ROW_HEIGHT }}
            >
              <span role="cell" className="flex min-w-0 items-center gap-1">
                <button
                  type="button"
                  title={name}
                  className="block h-8 min-w-0 flex-1 truncate rounded-sm text-left text-sm outline-offset-[-2px] after:absolute after:inset-0"
                  onClick={() => onChoose(row.name)}
                >
                  {name}
                </button>
                {aside?.(row.name, name)}
                <span
                  className="absolute -bottom-px left-0 h-0.5 forced-color-adjust-none bg-accent"
                  style={{ width: `${(((row.values[0] ?? 0) / top) * 100).toFixed(2)}%` }}
                />
              </span>
              {row.values.map((value, index) => {
                const column = dimension.metrics[index]!;
                return (
                  <span
                    key={column}
                    role="cell"
                    title={value === null ? WORDS.unknown : formatExact(value)}
                    className={`numerals text-right text-sm ${column === sort.by ? 'font-medium' : 'text-soft'}`}
                  >
                    {formatMetric(column, value)}
                  </span>
                );
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function SortHeader({ name, sort, onSort }: { name: Metric; sort: Sort; onSort: (sort: Sort) => void }) {
  const chosen = sort.by === name;
  const next: Sort = { by: name, direction: chosen && sort.direction === 'desc' ? 'asc' : 'desc' };
  return (
    <span
      role="columnheader"
      aria-sort={chosen ? (sort.direction === 'desc' ? 'descending' : 'ascending') : 'none'}
      className="flex justify-end"
    >
      <button
        type="button"
        title={metric(name).meaning}
        className={`-mr-1 flex h-10 items-center gap-1 rounded-sm px-1 outline-offset-[-2px] hover:text-ink ${chosen ? 'font-medium text-ink' : 'text-faint'}`}
        onClick={() => onSort(next)}
      >
        {chosen && <Icon name={sort.direction === 'desc' ? 'down' : 'up'} className="size-3" />}
        {metric(name).short}
      </button>
    </span>
  );
}

function Waiting() {
  return (
    <div aria-hidden="true" className="grid gap-1 py-1">
      {Array.from({ length: 12 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: stand-ins have no name
        <Skeleton key={index} className="h-8 w-full" />
      ))}
    </div>
  );
}
