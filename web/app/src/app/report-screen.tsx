/** The report itself: headline, time series and panels, with what happens while it loads, fails or has nothing to show. */
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Chart } from '../features/chart/chart.tsx';
import { ChartHead } from '../features/chart/chart-head.tsx';
import { Headline } from '../features/headline/headline.tsx';
import type { Site } from '../lib/api.ts';
import { bucketState } from '../lib/interval.ts';
import { type Moment, type Range, resolveComparison } from '../lib/period.ts';
import { nameRange } from '../lib/period-words.ts';
import type { ReportQuestion } from '../lib/report.ts';
import { FirstSteps } from './first-steps.tsx';
import { Panels } from './panels.tsx';
import { ReportLine } from './report-line.tsx';
import { useEver, useReport } from './use-report.ts';
import type { useReportSearch } from './use-report-search.ts';
import { useWatching } from './use-watching.tsx';

const Waiting = lazy(() => import('../features/welcome/waiting.tsx'));
const Details = lazy(() => import('../features/details/details-dialog.tsx'));

interface ReportScreenProps {
  question: ReportQuestion;
  site?: Site;
  state: ReturnType<typeof useReportSearch>;
  moment: Moment;
  range: Range;
}

export function ReportScreen({ question, site, state, moment, range }: ReportScreenProps) {
  const report = useReport(question, moment.zone, moment.now, site !== undefined);
  const { data } = report;
  const empty = data?.totals.events === 0 && question.filters.length === 0;
  const ever = useEver(question.domain, empty && !report.isPlaceholderData);
  const [waiting, setWaiting] = useState(false);
  useEffect(() => {
    if (ever.data?.events === 0) setWaiting(true);
  }, [ever.data]);
  const details = useDetailsOpener(state);
  const { mayWatch, asideOf } = useWatching(site, state);

  if (site && (waiting || ever.data?.events === 0)) {
    return (
      <Suspense fallback={null}>
        <Waiting
          site={site}
          arrived={(ever.data?.events ?? data?.totals.events ?? 0) > 0}
          page={ever.data?.page}
          onOpen={() => setWaiting(false)}
        />
        <div className="mx-auto max-w-xl">
          <FirstSteps site={site} arrived={(ever.data?.events ?? data?.totals.events ?? 0) > 0} />
        </div>
      </Suspense>
    );
  }

  const compared = resolveComparison(question.period, question.comparison, moment);
  const line = <ReportLine question={question} moment={moment} range={range} report={report} />;
  // Numbers of another period would be wrong here, and skeletons would wait for nothing.
  if (report.isError && !data) return line;
  return (
    <>
      {line}
      <div
        className={`transition-opacity duration-150 ${report.isPlaceholderData ? 'opacity-60' : ''}`}
        aria-busy={report.isFetching}
      >
        <Headline
          totals={data?.totals}
          compared={data?.compared?.totals}
          comparing={compared !== undefined}
          chosen={state.metric}
          onChoose={(metric) => state.change({ metric }, { replace: true })}
        />
        <section aria-label="Over time" className="pt-6 pb-10">
          <ChartHead
            range={range}
            interval={question.interval}
            period={nameRange(range)}
            compared={compared && nameRange(compared)}
            filling={data?.series.some((bucket) => bucketState(bucket.label, question.interval, moment) === 'filling') ?? false}
            onInterval={(interval) => state.change({ interval }, { replace: true })}
          />
          <Chart
            series={data?.series}
            compared={data?.compared?.series}
            name={state.metric}
            interval={question.interval}
            moment={moment}
            onZoom={(period) => state.change({ period, interval: undefined })}
          />
        </section>
        <Panels domain={question.domain} report={data} state={state} onDetails={details.open} asideOf={asideOf} />
      </div>
      {site && data && <FirstSteps site={site} arrived />}
      <footer className="mt-16 flex flex-wrap justify-between gap-x-6 gap-y-1 border-line border-t pt-4 text-faint text-xs">
        <p>Days begin at midnight in {moment.zone}.</p>
        <p className="flex flex-wrap gap-x-6 print:hidden">
          {mayWatch && (
            <Link
              to="/$domain/recordings"
              params={{ domain: question.domain }}
              search={{ period: state.search.period, f: state.search.f }}
              className="py-1 hover:text-ink hover:underline"
            >
              Recordings of this period
            </Link>
          )}
          <Link to="/$domain/refused" params={{ domain: question.domain }} className="py-1 hover:text-ink hover:underline">
            Bots and refused events are not in these numbers
          </Link>
        </p>
      </footer>
      {state.search.details && (
        <Suspense fallback={null}>
          <Details
            dimensionKey={state.search.details}
            question={question}
            moment={moment}
            view={state.search}
            onView={(view) => state.change(view, { replace: true })}
            onFilter={(filters) => {
              details.close();
              state.changeFilters(filters);
            }}
            onClose={details.close}
            aside={asideOf(state.search.details)}
          />
        </Suspense>
      )}
    </>
  );
}

/** Details live in the URL: opening is a step in the history, closing takes its view out again. */
function useDetailsOpener({ change }: ReturnType<typeof useReportSearch>) {
  const opener = useRef<Element>(null);
  return {
    open: (key: NonNullable<ReportQuestion['filters'][number]>['dimension']) => {
      opener.current = document.activeElement;
      change({ details: key });
    },
    close: () => {
      change({ details: undefined, q: undefined, sort: undefined, page: undefined });
      requestAnimationFrame(() => opener.current instanceof HTMLElement && opener.current.focus());
    },
  };
}
