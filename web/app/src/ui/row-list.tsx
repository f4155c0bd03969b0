/**
 * The rows of a panel: name over a bar, number at the right. The whole row is a button that narrows the report.
 * Names are strangers' text: they are text nodes here and nothing else.
 */
import type { ReactNode } from 'react';
import { type Dimension, nothingYet } from '../lib/dimensions.ts';
import { formatCompact, formatExact, formatPercent } from '../lib/format.ts';
import { nameValue } from '../lib/names.ts';
import type { Row } from '../lib/report.ts';
import { Icon } from './icon.tsx';
import { Skeleton } from './skeleton.tsx';

interface RowListProps {
  dimension: Dimension;
  rows?: Row[];
  /** All visitors of the report, for the share of each row. */
  total: number;
  isChosen: (value: string) => boolean;
  onChoose: (value: string) => void;
  /** The address of a row on the measured site, where it is a page. */
  linkOf?: (value: string) => string | undefined;
  /** What else a row leads to, by its name as it is read. */
  aside?: (value: string, name: string) => ReactNode;
}

/** What stands at the end of a row's name: seen where the row is pointed at or come to by key, and always where nothing can point. */
export const ROW_ASIDE =
  'relative z-1 grid size-7 shrink-0 place-items-center rounded-sm text-faint opacity-0 hover:text-ink focus-visible:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100 print:hidden';

const SKELETON_WIDTHS = ['w-4/5', 'w-3/5', 'w-1/2', 'w-2/5', 'w-1/3', 'w-1/4', 'w-1/4', 'w-1/5'];

export function RowList({ dimension, rows, total, isChosen, onChoose, linkOf, aside }: RowListProps) {
  const counts = rows?.some((row) => row.events !== undefined) ?? false;
  const top = Math.max(1, ...(rows ?? []).map((row) => row.events ?? row.visitors));
  return (
    <table className="w-full table-fixed">
      <thead>
        <tr className="text-faint text-xs">
          <th scope="col" className="h-8 text-left font-normal">
            {dimension.label}
          </th>
          {counts && (
            <th scope="col" className="w-16 text-right font-normal">
              Events
            </th>
          )}
          <th scope="col" className="w-20 text-right font-normal">
            Visitors
          </th>
        </tr>
      </thead>
      <tbody>
        {rows
          ? rows.map((row) => (
              <tr key={row.name} className="group relative border-line border-b hover:bg-wash">
                <th scope="row" className="h-9 p-0 text-left font-normal">
                  <RowName
                    name={nameValue(dimension.kind, row.name)}
                    share={(row.events ?? row.visitors) / top}
                    chosen={isChosen(row.name)}
                    link={linkOf?.(row.name)}
                    aside={aside?.(row.name, nameValue(dimension.kind, row.name))}
                    onChoose={() => onChoose(row.name)}
                  />
                </th>
                {counts && <Count value={row.events ?? 0} />}
                <Count value={row.visitors} share={counts ? undefined : row.visitors / Math.max(1, total)} />
              </tr>
            ))
          : SKELETON_WIDTHS.map((width, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: stand-ins have no name
              <tr key={index}>
                <td className="h-9" colSpan={2}>
                  <Skeleton className={`h-5 ${width}`} />
                </td>
              </tr>
            ))}
        {rows?.length === 0 && (
          <tr>
            <td colSpan={2} className="h-24 text-faint text-sm">
              {nothingYet(dimension)}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

interface RowNameProps {
  name: string;
  share: number;
  chosen: boolean;
  link?: string;
  aside?: ReactNode;
  onChoose: () => void;
}

/** The share is drawn on the row's own hairline: the rule under a name is its bar. */
function RowName({ name, share, chosen, link, aside, onChoose }: RowNameProps) {
  return (
    <div className="flex items-center gap-1">
      <button
        type="button"
        aria-pressed={chosen}
        title={name}
        className={`h-8 min-w-0 flex-1 truncate rounded-sm text-left text-sm outline-offset-[-2px] after:absolute after:inset-0 ${chosen ? 'font-semibold text-accent' : ''}`}
        onClick={onChoose}
      >
        {name}
      </button>
      <span
        className="absolute -bottom-px left-0 h-0.5 forced-color-adjust-none bg-accent transition-[width] duration-200 ease-out"
        style={{ width: `${(share * 100).toFixed(2)}%` }}
      />
      {aside}
      {link && (
        <a href={link} target="_blank" rel="noopener noreferrer" aria-label={`Open ${name} in a new tab`} className={ROW_ASIDE}>
          <Icon name="external" className="size-3.5" />
        </a>
      )}
    </div>
  );
}

function Count({ value, share }: { value: number; share?: number }) {
  return (
    <td title={formatExact(value)} className="numerals text-right text-sm">
      {share !== undefined && (
        <span className="mr-2 text-faint opacity-0 transition-opacity duration-100 group-focus-within:opacity-100 group-hover:opacity-100">
          {formatPercent(share * 100, share < 0.1 ? 1 : 0)}
        </span>
      )}
      <span className="font-medium">{formatCompact(value)}</span>
    </td>
  );
}
