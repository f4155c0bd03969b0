/** The recordings of a site in a period, narrowed by the filters of its reports; each leads to the player. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import { ApiError, type Site } from '../../lib/api.ts';
import type { Filter } from '../../lib/filters.ts';
import { formatInstant } from '../../lib/format.ts';
import type { ApiRange } from '../../lib/period.ts';
import { recordingsQuery } from '../../lib/recordings-api.ts';
import { Again } from '../../ui/again.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { WORDS } from './messages.ts';
import { OneVisitor } from './one-visitor.tsx';
import { COLUMNS, Recording } from './recording.tsx';

interface RecordingsPageProps {
  site: Site;
  range: ApiRange;
  /** The period in words. */
  period: string;
  filters: Filter[];
  /** Only theirs. */
  visitor?: string;
  /** Nothing is to narrow the list. */
  onClear: () => void;
  onEverybody: () => void;
}

export function RecordingsPage({ site, range, period, filters, visitor, onClear, onEverybody }: RecordingsPageProps) {
  const question = { domain: site.domain, range, filters, visitor };
  const list = useInfiniteQuery({ ...recordingsQuery(question), placeholderData: keepPreviousData });
  const recordings = list.data?.pages.flatMap((page) => page.recordings);
  const alarm = list.data?.pages[0]?.alarm;
  const refused = list.error instanceof ApiError && list.error.status === 403;
  if (refused) return <Sorry title={WORDS.refusedTitle} text={WORDS.refusedText} />;
  return (
    <>
      {list.isError && (
        <Again
          className="mb-4"
          text={recordings ? WORDS.oldKept(list.error.message) : list.error.message}
          onAgain={list.refetch}
        />
      )}
      {visitor && <OneVisitor site={site} visitor={visitor} onEverybody={onEverybody} />}
      {alarm && <Alarm last={alarm.last_at} />}
      {!recordings && !list.isError && <Waiting />}
      {recordings?.length === 0 && !list.hasNextPage && (
        <Nothing site={site} period={period} filtered={filters.length > 0} visitor={visitor} onClear={onClear} />
      )}
      {recordings && (recordings.length > 0 || list.hasNextPage) && (
        <>
          <div aria-hidden="true" className={`${COLUMNS} h-8 items-center text-faint text-xs max-md:hidden`}>
            <span>{WORDS.columns.when}</span>
            <span className="text-right">{WORDS.columns.length}</span>
            <span className="text-right">{WORDS.columns.pages}</span>
            <span className="text-right">{WORDS.columns.clicks}</span>
            <span>{WORDS.columns.visitor}</span>
          </div>
          <ul
            aria-label={WORDS.list}
            aria-busy={list.isPlaceholderData}
            className={`border-line border-t transition-opacity duration-150 ${list.isPlaceholderData ? 'opacity-60' : ''}`}
            onKeyDown={moveAlong}
          >
            {recordings.map((each) => (
              <Recording key={each.id} domain={site.domain} recording={each} alone={visitor !== undefined} />
            ))}
          </ul>
          <div className="flex flex-wrap items-center justify-between gap-3 py-4">
            <p className="text-faint text-xs">{recordings.length > 0 ? WORDS.audited : WORDS.noneSoFar}</p>
            {list.hasNextPage && (
              <Button kind="line" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {list.isFetchingNextPage ? WORDS.loading : WORDS.earlier}
              </Button>
            )}
          </div>
        </>
      )}
    </>
  );
}

/** From line to line with the arrows, as in every list. */
function moveAlong(event: KeyboardEvent<HTMLUListElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('a[data-recording]')];
  const line = document.activeElement?.closest('li')?.querySelector<HTMLAnchorElement>('a[data-recording]');
  const next = line && links[links.indexOf(line) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** The gate refused what a page sent: a recorder that was changed, or one with a fault. */
function Alarm({ last }: { last: string }) {
  return (
    <div className="mb-5 flex gap-3 rounded-md bg-bad-wash px-3 py-2.5 text-sm">
      <Icon name="warning" className="mt-0.5 text-bad" />
      <p className="max-w-prose">
        <strong className="font-semibold">{WORDS.alarm}</strong>{' '}
        <span className="text-soft">{WORDS.alarmText(formatInstant(last))}</span>
      </p>
    </div>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label={WORDS.loading} className="grid gap-3 pt-3">
      {['a', 'b', 'c', 'd', 'e', 'f'].map((each) => (
        <Skeleton key={each} className="h-8 w-full" />
      ))}
    </div>
  );
}

interface NothingProps {
  site: Site;
  period: string;
  filtered: boolean;
  visitor?: string;
  onClear: () => void;
}

function Nothing({ site, period, filtered, visitor, onClear }: NothingProps) {
  // The way out is said above the list.
  if (visitor && !filtered) return <Sorry title={WORDS.noneOfVisitor} />;
  if (filtered) {
    return (
      <Sorry title={WORDS.noneFiltered}>
        <Button kind="line" onClick={onClear}>
          {WORDS.clear}
        </Button>
      </Sorry>
    );
  }
  if (site.settings.recording?.on) return <Sorry title={WORDS.none(period)} text={WORDS.noneYet} />;
  return (
    <Sorry title={WORDS.offTitle} text={WORDS.offText}>
      <Link to="/$domain/settings" params={{ domain: site.domain }} hash="recordings" className={buttonClass('line')}>
        {WORDS.settings}
      </Link>
    </Sorry>
  );
}

function Sorry({ title, text, children }: { title: string; text?: string; children?: React.ReactNode }) {
  return (
    <div className="max-w-xl border-line border-t py-16">
      <h2 className="mb-2 font-semibold text-lg">{title}</h2>
      {text && <p className="mb-5 text-soft">{text}</p>}
      {children}
    </div>
  );
}
