/** Asks the whole screen in one request, and keeps the last good answer while the next is on its way or fails. */
import { useQuery } from '@tanstack/react-query';
import { client, expectData } from '../lib/api.ts';
import { localTime } from '../lib/days.ts';
import { buildReportQueries, type ReportQuestion, readReport } from '../lib/report.ts';

const FRESH_MS = 60_000;

export function useReport(question: ReportQuestion, zone: string, now: Date, enabled: boolean) {
  const today = localTime(now, zone).day;
  return useQuery({
    queryKey: ['report', question.domain, question, zone, today],
    enabled,
    queryFn: async ({ signal }) => {
      const body = buildReportQueries(question, { now: new Date(), zone });
      return readReport(await expectData(client.POST('/api/v2/queries', { body, signal })));
    },
    staleTime: FRESH_MS,
    placeholderData: (known, knownQuery) => (knownQuery?.queryKey[1] === question.domain ? known : undefined),
  });
}

/** Whether the site ever had an event; asked only where a report is empty. */
export function useEver(domain: string, enabled: boolean) {
  return useQuery({
    queryKey: ['ever', domain],
    enabled,
    queryFn: async ({ signal }) => {
      const ever = { site_id: domain, date_range: 'all' as const };
      const pages = { ...ever, metrics: ['visitors'], dimensions: ['event:page'], pagination: { limit: 1, offset: 0 } };
      const body = [{ ...ever, metrics: ['events'] }, pages];
      const [totals, first] = await expectData(client.POST('/api/v2/queries', { body, signal }));
      return { events: totals?.results[0]?.metrics[0] ?? 0, page: first?.results[0]?.dimensions[0] };
    },
  });
}
