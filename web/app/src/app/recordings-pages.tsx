/** The list of a site's recordings, in the frame of the other screens. */
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { AddFilter, FilterChips } from '../features/filters/filter-bar.tsx';
import { PeriodButton } from '../features/period/period-button.tsx';
import { RecordingsPage } from '../features/recordings/recordings-page.tsx';
import { type Filter, readFilters, writeFilter } from '../lib/filters.ts';
import { rememberList } from '../lib/last-list.ts';
import { DEFAULT_PERIOD, resolvePeriod, shiftPeriod, toApiRange } from '../lib/period.ts';
import { namePeriod } from '../lib/period-words.ts';
import { replayQuery } from '../lib/recordings-api.ts';
import { type RecordingsSearch, readRecordingsSearch } from '../lib/search.ts';
import { useNow } from '../lib/use-now.ts';
import { Icon } from '../ui/icon.tsx';
import { queries } from './queries.ts';
import { BACK, SiteFrame, useSite } from './site-frame.tsx';

const MINUTE_MS = 60_000;
const list = getRouteApi('/inside/$domain/recordings');

/** Whoever reads the list watches something next: what that takes is fetched while nothing else is. */
function useNextScreen() {
  useEffect(() => {
    const fetchAhead = () => {
      void import('./recording-page.tsx');
      void queries.prefetchQuery(replayQuery);
    };
    if (!globalThis.requestIdleCallback) return fetchAhead();
    const idle = requestIdleCallback(fetchAhead);
    return () => cancelIdleCallback(idle);
  }, []);
}

export function RecordingsScreen() {
  useNextScreen();
  const { domain } = list.useParams();
  const search = readRecordingsSearch({ ...list.useSearch() });
  const navigate = list.useNavigate();
  const change = (patch: RecordingsSearch) =>
    void navigate({ search: (known: RecordingsSearch) => ({ ...known, ...patch }), resetScroll: false });
  useEffect(() => rememberList(domain, search));
  const found = useSite('Recordings');
  const moment = { now: useNow(MINUTE_MS), zone: found.site?.timezone ?? 'UTC' };
  const period = search.period ?? DEFAULT_PERIOD;
  const range = toApiRange(resolvePeriod(period, moment));
  const filters = readFilters(search.f);
  const changeFilters = (next: Filter[]) => change({ f: next.length > 0 ? next.map(writeFilter) : undefined });
  const filtering = { domain, range, filters, onChange: changeFilters };
  return (
    <SiteFrame
      found={found}
      head={
        <>
          <AddFilter {...filtering} />
          <PeriodButton
            period={period}
            moment={moment}
            back={shiftPeriod(period, -1, moment)}
            forward={shiftPeriod(period, 1, moment)}
            onPeriod={(next) => change({ period: next })}
          />
        </>
      }
    >
      {(site) => (
        <>
          <Link to="/$domain" params={{ domain }} className={BACK}>
            <Icon name="left" className="size-3.5" />
            Dashboard
          </Link>
          <h1 className="font-semibold text-title tracking-[-0.02em]">Recordings</h1>
          <p className="text-faint text-sm">{namePeriod(period)}</p>
          <FilterChips {...filtering} />
          <div className="h-5" />
          <RecordingsPage
            key={domain}
            site={site}
            range={range}
            period={namePeriod(period).toLowerCase()}
            filters={filters}
            visitor={search.visitor}
            onClear={() => change({ f: undefined, visitor: undefined })}
            onEverybody={() => change({ visitor: undefined })}
          />
        </>
      )}
    </SiteFrame>
  );
}
