import { expect, test } from 'vitest';
import { readFilters } from '../src/lib/filters.ts';
import { buildReportQueries, PANEL_DIMENSIONS, type ReportQuestion, readReport } from '../src/lib/report.ts';

const moment = { now: new Date('2026-11-22T13:45:20Z'), zone: 'UTC' };
const question: ReportQuestion = {
  domain: 'example.com',
  period: '7d',
  comparison: 'previous',
  interval: 'day',
  filters: readFilters(['is:page:/pricing', 'contains_not:source:spam']),
};

test('the whole screen is one list of queries for one site, each under the same filters', () => {
  const queries = buildReportQueries(question, moment);
  expect(queries).toHaveLength(2 + PANEL_DIMENSIONS.length + 2);
  for (const query of queries) {
    expect(query.site_id).toBe('example.com');
    expect(query.filters).toEqual([
      ['is', 'event:page', ['/pricing']],
      ['contains_not', 'visit:source', ['spam']],
    ]);
  }
});

test('without a comparison nothing is asked for one', () => {
  expect(buildReportQueries({ ...question, comparison: 'off' }, moment)).toHaveLength(2 + PANEL_DIMENSIONS.length);
});

test('the compared series covers whole days while the compared totals stop at this time of day', () => {
  const [totals, series] = buildReportQueries(question, moment).slice(-2);
  expect(totals!.date_range).toEqual(['2026-11-09T00:00:00Z', '2026-11-15T13:45:00Z']);
  expect(series!.date_range).toEqual(['2026-11-09', '2026-11-15']);
});

const answer = (results: { dimensions: string[]; metrics: (number | null)[] }[], labels?: string[]) => ({
  results,
  meta: { time_labels: labels },
  query: { site_id: 'example.com', date_range: 'all', metrics: ['visitors'] },
});

function answerAll() {
  const totals = answer([{ dimensions: [], metrics: [3, 4, 9, 2.25, 50, 61, 11] }]);
  const series = answer([{ dimensions: ['2026-11-17'], metrics: [3, 4, 9, 2.25, 50, 61] }], ['2026-11-16', '2026-11-17']);
  return [totals, series, ...PANEL_DIMENSIONS.map((key) => answer([{ dimensions: [key], metrics: [7, 5] }]))];
}

test('answers find their places by order', () => {
  const report = readReport(answerAll());
  expect(report.totals).toMatchObject({ visitors: 3, bounce_rate: 50, events: 11 });
  expect(report.panels.browser).toEqual([{ name: 'browser', visitors: 7 }]);
  expect(report.panels.event).toEqual([{ name: 'event', events: 7, visitors: 5 }]);
  expect(report.compared).toBeUndefined();
});

test('a bucket without events counts zero visitors but has no bounce rate', () => {
  const [first] = readReport(answerAll()).series;
  expect(first).toEqual({
    label: '2026-11-16',
    values: { visitors: 0, visits: 0, pageviews: 0, views_per_visit: null, bounce_rate: null, visit_duration: null },
  });
});

test('a rate over no visits is unknown, even where the server says zero', () => {
  const [, ...rest] = answerAll();
  const report = readReport([answer([{ dimensions: [], metrics: [0, 0, 0, 0, 0, 0, 0] }]), ...rest]);
  expect(report.totals).toMatchObject({ visitors: 0, views_per_visit: null, bounce_rate: null, visit_duration: null });
});

test('too few answers are an error and not an empty report', () => {
  expect(() => readReport(answerAll().slice(0, 4))).toThrow('fewer queries');
});
