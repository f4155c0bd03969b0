/** What is shown, in words, and how fresh it is. When asking fails it says since when, keeps the last numbers and offers a retry. */
import { useEffect, useState } from 'react';
import { formatAgo, formatClock } from '../lib/format.ts';
import type { Moment, Range } from '../lib/period.ts';
import { nameComparison, namePeriod, nameRange } from '../lib/period-words.ts';
import type { ReportQuestion } from '../lib/report.ts';
import { useNow } from '../lib/use-now.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import type { useReport } from './use-report.ts';

interface ReportLineProps {
  question: ReportQuestion;
  moment: Moment;
  range: Range;
  report: ReturnType<typeof useReport>;
}

const PACE_MS = 5000;

export function ReportLine({ question, moment, range, report }: ReportLineProps) {
  const name = namePeriod(question.period);
  const days = nameRange(range);
  const against = nameComparison(question.period, question.comparison, moment);
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-4 text-sm">
      <h1 className="text-soft">
        <span className="font-semibold text-ink">{name}</span>
        {days !== name && `, ${days}`}
        {against && <span className="text-faint">, {against}</span>}
      </h1>
      {report.isError ? <Failed report={report} /> : <Freshness at={report.dataUpdatedAt} />}
      {report.isError && !report.data && (
        <p className="w-full border-line border-t py-24 text-center text-soft">
          No numbers of this period are at hand. Events go on being counted.
        </p>
      )}
    </div>
  );
}

function Freshness({ at }: { at: number }) {
  const now = useNow(PACE_MS);
  if (at === 0) return null;
  return <p className="numerals text-faint text-xs print:hidden">Updated {formatAgo(now.getTime() - at)}</p>;
}

function Failed({ report }: { report: ReturnType<typeof useReport> }) {
  const [since] = useState(() => new Date());
  const [retrying, setRetrying] = useState(false);
  useEffect(() => {
    if (!report.isFetching) setRetrying(false);
  }, [report.isFetching]);
  return (
    <div role="alert" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <Icon name="warning" className="text-bad" />
      <span>
        <span className="font-medium">{report.error?.message}</span>{' '}
        <span className="text-soft">
          Since {formatClock(since)}.{report.data && ` Showing the numbers of ${formatClock(new Date(report.dataUpdatedAt))}.`}
        </span>
      </span>
      <Button
        kind="line"
        onClick={() => {
          setRetrying(true);
          void report.refetch();
        }}
      >
        <Icon name="retry" className={retrying ? 'animate-spin' : ''} />
        Try again
      </Button>
    </div>
  );
}
