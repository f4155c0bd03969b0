/** One page of a dimension's values: searched, sorted and cut by the server, however many there are. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client, expectData } from '../../lib/api.ts';
import { type DimensionKey, dimension } from '../../lib/dimensions.ts';
import { type Filter, toApiFilter } from '../../lib/filters.ts';
import { isMetric, type Metric } from '../../lib/metrics.ts';
import { type Moment, type Period, resolvePeriod, toApiRange } from '../../lib/period.ts';

export const PAGE_ROWS = 250;

export interface DetailsQuestion {
  domain: string;
  period: Period;
  filters: Filter[];
}

export interface Sort {
  by: Metric;
  direction: 'asc' | 'desc';
}

/** The sort the URL asks for, if this dimension has the column. */
export function readSort(key: DimensionKey, text: string | undefined): Sort {
  const { metrics } = dimension(key);
  const [by, direction] = (text ?? '').split(':');
  const known = isMetric(by) && metrics.includes(by) ? by : metrics[0]!;
  return { by: known, direction: direction === 'asc' && known === by ? 'asc' : 'desc' };
}

export interface DetailsRow {
  name: string;
  values: (number | null)[];
}

interface DetailsView {
  key: DimensionKey;
  search: string;
  sort: Sort;
  page: number;
}

export function useDetails(question: DetailsQuestion, { key, search, sort, page }: DetailsView, moment: Moment) {
  const { api, metrics } = dimension(key);
  return useQuery({
    queryKey: ['details', question.domain, question.period, question.filters, key, search, sort, page],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const filters: unknown[] = question.filters.map(toApiFilter);
      if (search) filters.push(['contains', api, [search], { case_sensitive: false }]);
      const body = {
        site_id: question.domain,
        date_range: toApiRange(resolvePeriod(question.period, moment)),
        metrics: [...metrics],
        dimensions: [api],
        filters,
        order_by: [[sort.by, sort.direction]],
        pagination: { limit: PAGE_ROWS, offset: (page - 1) * PAGE_ROWS },
        include: { total_rows: true },
      };
      const { results, meta } = await expectData(client.POST('/api/v2/query', { body, signal }));
      const rows = results.map((row): DetailsRow => ({ name: row.dimensions[0] ?? '', values: row.metrics }));
      return { rows, total: meta.total_rows ?? rows.length };
    },
  });
}
