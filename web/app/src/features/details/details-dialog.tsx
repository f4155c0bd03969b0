/** All values of one dimension, with search, sort and pages. Its state is in the URL, so a list can be sent to someone. */
import { type ReactNode, useDeferredValue, useEffect, useState } from 'react';
import { type DimensionKey, dimension } from '../../lib/dimensions.ts';
import { type Filter, toggleValue } from '../../lib/filters.ts';
import { formatExact } from '../../lib/format.ts';
import type { Moment } from '../../lib/period.ts';
import { Again } from '../../ui/again.tsx';
import { Button } from '../../ui/button.tsx';
import { FIELD } from '../../ui/fields.tsx';
import { Icon } from '../../ui/icon.tsx';
import { OpenModal } from '../../ui/overlay-parts.tsx';
import { DetailsTable } from './details-table.tsx';
import { WORDS } from './messages.ts';
import { type DetailsQuestion, PAGE_ROWS, readSort, type Sort, useDetails } from './use-details.ts';

interface View {
  q?: string;
  sort?: string;
  page?: number;
}

interface DetailsDialogProps {
  dimensionKey: DimensionKey;
  question: DetailsQuestion;
  moment: Moment;
  view: View;
  onView: (view: View) => void;
  onFilter: (filters: Filter[]) => void;
  onClose: () => void;
  /** What else a row leads to. */
  aside?: (value: string, name: string) => ReactNode;
}

const TYPING_MS = 250;
/** Codes are named in the browser, so the server cannot search their names. */
const CODED = new Set(['country', 'language']);

export default function DetailsDialog(props: DetailsDialogProps) {
  const { dimensionKey, question, moment, view, onView, onFilter, onClose, aside } = props;
  const shown = dimension(dimensionKey);
  const sort = readSort(dimensionKey, view.sort);
  const page = view.page ?? 1;
  const [text, setText] = useTypedSearch(view.q ?? '', (q) => onView({ q: q || undefined, page: undefined }));
  const search = useDeferredValue(view.q ?? '');
  const details = useDetails(question, { key: dimensionKey, search, sort, page }, moment);
  const total = details.data?.total ?? 0;

  function sortBy(next: Sort) {
    onView({ sort: `${next.by}:${next.direction}`, page: undefined });
  }

  return (
    <OpenModal
      title={shown.plural}
      className="max-w-4xl"
      onClose={onClose}
      head={
        !CODED.has(shown.kind) && (
          <label className="relative block w-full sm:w-64">
            <span className="sr-only">{WORDS.searchFor(shown.plural)}</span>
            <Icon name="search" className="pointer-events-none absolute top-2.5 left-3 text-faint" />
            <input
              value={text}
              placeholder={WORDS.search}
              maxLength={200}
              spellCheck={false}
              className={`${FIELD} pl-9`}
              onChange={(event) => setText(event.target.value)}
            />
          </label>
        )
      }
    >
      {details.isError && <Again className="px-5 py-3" text={details.error.message} onAgain={details.refetch} />}
      <DetailsTable
        dimension={shown}
        rows={details.data?.rows}
        offset={(page - 1) * PAGE_ROWS}
        total={total}
        sort={sort}
        stale={details.isPlaceholderData}
        aside={aside}
        onSort={sortBy}
        onChoose={(value) => onFilter(toggleValue(question.filters, dimensionKey, value))}
      />
      {details.data && <Pages page={page} total={total} onPage={(next) => onView({ page: next > 1 ? next : undefined })} />}
    </OpenModal>
  );
}

/** What is typed shows at once; the search follows when the typing rests. */
function useTypedSearch(known: string, onSearch: (text: string) => void) {
  const [text, setText] = useState(known);
  useEffect(() => {
    if (text === known) return;
    const timer = setTimeout(() => onSearch(text.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  });
  return [text, setText] as const;
}

function Pages({ page, total, onPage }: { page: number; total: number; onPage: (page: number) => void }) {
  const last = Math.max(1, Math.ceil(total / PAGE_ROWS));
  const from = Math.min(total, (page - 1) * PAGE_ROWS + 1);
  return (
    <div className="flex items-center gap-2 border-line border-t px-5 py-2 text-sm">
      <p role="status" className="numerals mr-auto text-soft">
        {formatExact(from)}–{formatExact(Math.min(total, page * PAGE_ROWS))} {WORDS.of} {formatExact(total)}
      </p>
      <Button disabled={page <= 1} aria-label={WORDS.before} className="w-8 px-0" onClick={() => onPage(page - 1)}>
        <Icon name="left" className="size-3.5" />
      </Button>
      <span className="numerals text-soft text-xs">
        {formatExact(page)} / {formatExact(last)}
      </span>
      <Button disabled={page >= last} aria-label={WORDS.next} className="w-8 px-0" onClick={() => onPage(page + 1)}>
        <Icon name="right" className="size-3.5" />
      </Button>
    </div>
  );
}
