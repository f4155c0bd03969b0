/** What did not become part of the reports, and why: refused events are only counted, suspected bots are kept apart. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Refusals, refusalsQuery } from '../../lib/api.ts';
import { formatDay, formatExact } from '../../lib/format.ts';
import { describeRefusal, describeSuspicion } from '../../lib/reasons.ts';
import { Again } from '../../ui/again.tsx';
import { Button } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { WORDS } from './messages.ts';

const SPANS = [7, 30, 90];

export function RefusalsPage({ domain }: { domain: string }) {
  const [days, setDays] = useState(SPANS[0]!);
  const query = useQuery({ ...refusalsQuery(domain, days), placeholderData: keepPreviousData });
  const { data } = query;
  return (
    <div className="grid gap-10">
      <fieldset className="-mt-4 flex gap-1">
        <legend className="sr-only">{WORDS.period}</legend>
        {SPANS.map((span) => (
          <Button
            key={span}
            aria-pressed={span === days}
            className="aria-pressed:bg-wash aria-pressed:text-ink"
            onClick={() => setDays(span)}
          >
            {WORDS.lastDays(span)}
          </Button>
        ))}
      </fieldset>
      {query.isError && <Again text={query.error.message} onAgain={query.refetch} />}
      <Reasons {...WORDS.setAside} rows={data?.set_aside} describe={describeSuspicion} />
      <Reasons {...WORDS.refused} rows={data?.refused} describe={describeRefusal} />
      {data !== undefined && data.unknown_site > 0 && (
        <p className="border-line border-t pt-6 text-soft text-sm">
          <span className="numerals font-semibold text-ink">{formatExact(data.unknown_site)}</span>{' '}
          {WORDS.unknownSite(data.unknown_site)} {describeRefusal('unknown_site').text}
        </p>
      )}
    </div>
  );
}

interface ReasonsProps {
  title: string;
  lead: string;
  none: string;
  rows?: Refusals['refused'];
  describe: (word: string) => { label: string; text: string };
}

function Reasons({ title, lead, none, rows, describe }: ReasonsProps) {
  return (
    <section aria-label={title} className="border-line border-t pt-6">
      <h2 className="font-semibold text-lg">{title}</h2>
      <p className="mb-3 text-soft text-sm">{lead}</p>
      {!rows && <Skeleton className="h-24 w-full" />}
      {rows?.length === 0 && <p className="py-3 text-faint text-sm">{none}</p>}
      {rows && rows.length > 0 && (
        <table className="w-full">
          <thead>
            <tr className="text-left text-faint text-xs">
              <th scope="col" className="h-8 font-normal">
                {WORDS.columns.reason}
              </th>
              <th scope="col" className="w-24 text-right font-normal max-sm:hidden">
                {WORDS.columns.last}
              </th>
              <th scope="col" className="w-24 text-right font-normal">
                {WORDS.columns.events}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.reason} className="border-line border-t align-baseline">
                <th scope="row" className="py-3 pr-4 text-left font-normal">
                  <span className="block font-medium text-sm">{describe(row.reason).label}</span>
                  <span className="block text-soft text-sm">{describe(row.reason).text}</span>
                </th>
                <td className="numerals whitespace-nowrap text-right text-faint text-sm max-sm:hidden">
                  {formatDay(row.last_day)}
                </td>
                <td className="numerals text-right font-semibold text-sm">{formatExact(row.count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
