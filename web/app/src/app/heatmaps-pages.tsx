/** The screen of heatmaps: it reads the URL and hands each side its part, with the bar that narrows it down. */
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { AddFilter, FilterChips } from '../features/filters/filter-bar.tsx';
import { PeriodButton } from '../features/period/period-button.tsx';
import { type Filter, readFilters, writeFilter } from '../lib/filters.ts';
import {
  beginBeside,
  changeOfSide,
  DEFAULT_LAYER,
  endBeside,
  type HeatSearch,
  ofSide,
  periodOf,
  readHeatSearch,
  type SideName,
  screenOf,
  sideOf,
} from '../lib/heat/search.ts';
import { type Moment, resolvePeriod, shiftPeriod, toApiRange } from '../lib/period.ts';
import { namePeriod } from '../lib/period-words.ts';
import { Icon } from '../ui/icon.tsx';
import { ASIDE, BACK, SiteFrame, useSite } from './site-frame.tsx';

const HeatmapsPage = lazy(() => import('../features/heatmaps/heatmaps-page.tsx'));
const route = getRouteApi('/inside/$domain/heatmaps');

type Change = (patch: HeatSearch) => void;

export function HeatmapsScreen() {
  const { domain } = route.useParams();
  const raw = route.useSearch();
  const search = useMemo(() => readHeatSearch({ ...raw }), [raw]);
  const navigate = route.useNavigate();
  const change: Change = (patch) =>
    void navigate({ search: (known: HeatSearch) => ({ ...known, ...patch }), resetScroll: false });
  const found = useSite('Heatmaps');
  // A look counts as one for as long as it lasts: a clock that goes on would ask for each minute anew.
  const [now] = useState(() => new Date());
  const moment = { now, zone: found.site?.timezone ?? 'UTC' };
  const first = useSide(domain, 'first', search, moment, change);
  const second = useSide(domain, 'second', search, moment, change);
  return (
    <SiteFrame found={found} head={search.beside ? undefined : first.head}>
      {(site) => (
        <>
          <div className="flex flex-wrap justify-between gap-x-6">
            <Link to="/$domain" params={{ domain }} className={BACK}>
              <Icon name="left" className="size-3.5" />
              Dashboard
            </Link>
            <Link to="/$domain/recordings" params={{ domain }} search={{ period: search.period, f: search.f }} className={ASIDE}>
              Recordings
            </Link>
          </div>
          <h1 className="font-semibold text-title tracking-[-0.02em]">Heatmaps</h1>
          {!search.beside && <p className="text-faint text-sm">{namePeriod(periodOf(search))}</p>}
          {!search.beside && first.chips}
          <div className="h-4" />
          <Suspense fallback={null}>
            <HeatmapsPage
              key={domain}
              site={site}
              layer={search.layer ?? DEFAULT_LAYER}
              sides={
                search.beside
                  ? [
                      { name: 'first', state: first.state, bar: first.bar },
                      { name: 'second', state: second.state, bar: second.bar },
                    ]
                  : [{ name: 'first', state: first.state }]
              }
              onLayer={(layer) => change({ layer: layer === DEFAULT_LAYER ? undefined : layer })}
              onCompare={() => change(search.beside ? endBeside : beginBeside(search))}
            />
          </Suspense>
        </>
      )}
    </SiteFrame>
  );
}

/** One side's part of the URL, how it is changed, and the controls that narrow it down. */
function useSide(domain: string, name: SideName, search: HeatSearch, moment: Moment, change: Change) {
  const side = sideOf(search, name);
  const period = periodOf(side);
  const range = toApiRange(resolvePeriod(period, moment));
  const filters = readFilters(side.f);
  const changeFilters = (next: Filter[]) =>
    change(changeOfSide(name, { f: next.length > 0 ? next.map(writeFilter) : undefined }));
  const filtering = { domain, range, filters, onChange: changeFilters };
  const head = (
    <>
      <AddFilter {...filtering} id={name === 'first' ? 'add-filter' : 'add-filter-second'} />
      <PeriodButton
        period={period}
        moment={moment}
        back={shiftPeriod(period, -1, moment)}
        forward={shiftPeriod(period, 1, moment)}
        onPeriod={(next) => change(changeOfSide(name, { period: next }))}
      />
    </>
  );
  const chips = <FilterChips {...filtering} />;
  const bar = (
    <div className="w-full">
      <div className="-ml-2 flex flex-wrap items-center gap-1">{head}</div>
      {chips}
    </div>
  );
  const state = {
    page: side.path,
    screen: screenOf(side),
    range,
    period: namePeriod(period).toLowerCase(),
    filters,
    spot: side.spot,
    onPage: (path: string) => change(changeOfSide(name, { path })),
    onScreen: (screen: ReturnType<typeof screenOf>) => change(changeOfSide(name, { screen })),
    onSpot: (spot: number | undefined) => change(ofSide(name, { spot })),
    onClear: () => changeFilters([]),
  };
  return { state, head, chips, bar };
}
