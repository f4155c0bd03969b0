/** From a row of a report to the recordings of the visits behind it: of the same period, narrowed by the same filters and the row. */
import { Link } from '@tanstack/react-router';
import type { DimensionKey } from '../../lib/dimensions.ts';
import { type Filter, narrowTo, writeFilter } from '../../lib/filters.ts';
import type { Period } from '../../lib/period.ts';
import { Icon } from '../../ui/icon.tsx';
import { ROW_ASIDE } from '../../ui/row-list.tsx';
import { WORDS } from './messages.ts';

export interface Watched {
  domain: string;
  /** As the address has it: nothing for the usual one. */
  period?: Period;
  filters: readonly Filter[];
}

interface WatchLinkProps extends Watched {
  dimension: DimensionKey;
  value: string;
  /** The value as it is read. */
  name: string;
}

export function WatchLink({ domain, period, filters, dimension, value, name }: WatchLinkProps) {
  return (
    <Link
      to="/$domain/recordings"
      params={{ domain }}
      search={{ period, f: narrowTo(filters, dimension, value).map(writeFilter) }}
      aria-label={WORDS.ofRow(name)}
      title={WORDS.ofRow(name)}
      className={ROW_ASIDE}
    >
      <Icon name="play" className="size-3.5" />
    </Link>
  );
}
