/** The URL's report state and the one way to change it. A change is a step in the history, so Back undoes it. */
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { type Filter, readFilters, writeFilter } from '../lib/filters.ts';
import { DEFAULT_METRIC } from '../lib/metrics.ts';
import { DEFAULT_COMPARISON, DEFAULT_PERIOD } from '../lib/period.ts';
import { type ReportSearch, readReportSearch } from '../lib/search.ts';

const route = getRouteApi('/inside/$domain/');

export function useReportSearch() {
  // The router lays the checked search over the raw one, so what the check dropped has to be dropped once more.
  const raw = route.useSearch();
  const search = useMemo(() => readReportSearch({ ...raw }), [raw]);
  const navigate = route.useNavigate();
  const change = useCallback(
    (patch: ReportSearch, options?: { replace?: boolean }) =>
      void navigate({ search: (known) => ({ ...known, ...patch }), replace: options?.replace, resetScroll: false }),
    [navigate],
  );
  const filters = useMemo(() => readFilters(search.f), [search.f]);
  const changeFilters = useCallback(
    (next: Filter[]) => change({ f: next.length > 0 ? next.map(writeFilter) : undefined }),
    [change],
  );
  return {
    search,
    change,
    filters,
    changeFilters,
    period: search.period ?? DEFAULT_PERIOD,
    comparison: search.compare ?? DEFAULT_COMPARISON,
    metric: search.metric ?? DEFAULT_METRIC,
  };
}
