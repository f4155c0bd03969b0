/** The one screen of a site: it reads the URL, asks once, and hands each part its share. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { AddFilter, FilterChips } from '../features/filters/filter-bar.tsx';
import { PeriodButton } from '../features/period/period-button.tsx';
import { sitesQuery } from '../lib/api.ts';
import { formatCompact } from '../lib/format.ts';
import { chooseInterval } from '../lib/interval.ts';
import { resolvePeriod, shiftPeriod, toApiRange } from '../lib/period.ts';
import { useNow } from '../lib/use-now.ts';
import { Header } from './header.tsx';
import { NoSite, SitesFailed } from './messages.tsx';
import { ReportScreen } from './report-screen.tsx';
import { useLive } from './use-live.ts';
import { useReportSearch } from './use-report-search.ts';

const MINUTE_MS = 60_000;

export function Dashboard() {
  const { domain } = getRouteApi('/inside/$domain/').useParams();
  const sites = useQuery(sitesQuery);
  const site = sites.data?.find((each) => each.domain === domain);
  const live = useLive(site && domain);
  const state = useReportSearch();
  const moment = { now: useNow(MINUTE_MS), zone: site?.timezone ?? 'UTC' };
  const range = resolvePeriod(state.period, moment);

  useEffect(() => {
    document.title =
      live.current === undefined ? `${domain} · Candor` : `${formatCompact(live.current)} now · ${domain} · Candor`;
  }, [domain, live.current]);

  if (sites.data && !site) return <NoSite domain={domain} />;
  if (sites.isError && !sites.data) return <SitesFailed error={sites.error} onRetry={() => void sites.refetch()} />;
  const question = {
    domain,
    period: state.period,
    comparison: state.comparison,
    interval: chooseInterval(range, state.search.interval),
    filters: state.filters,
  };
  const filtering = { domain, range: toApiRange(range), filters: state.filters, onChange: state.changeFilters };
  return (
    <>
      <Header domain={domain} live={live}>
        <AddFilter {...filtering} />
        <PeriodButton
          period={state.period}
          comparison={state.comparison}
          moment={moment}
          back={shiftPeriod(state.period, -1, moment)}
          forward={shiftPeriod(state.period, 1, moment)}
          onPeriod={(period) => state.change({ period, interval: undefined })}
          onComparison={(compare) => state.change({ compare })}
        />
      </Header>
      <main id="content" className="mx-auto max-w-page px-4 pb-16 sm:px-6 lg:px-10">
        <FilterChips {...filtering} />
        <ReportScreen key={domain} question={question} site={site} state={state} moment={moment} range={range} />
      </main>
    </>
  );
}
