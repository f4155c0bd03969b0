/** The recordings in which something happened on an element: each leads to the player, at that moment. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { formatInstant } from '../../lib/format.ts';
import type { ClickLayer } from '../../lib/heat/layers.ts';
import { type HeatQuestion, type HeatRecording, heatRecordingsQuery } from '../../lib/heat-api.ts';
import { nameValue } from '../../lib/names.ts';
import { formatMoment } from '../../lib/replay/moment.ts';
import { Again } from '../../ui/again.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { WORDS } from './messages.ts';

export function Spot({ question, element, kind }: { question: HeatQuestion; element: number; kind: ClickLayer }) {
  const { data, error, refetch } = useQuery(heatRecordingsQuery(question, element, kind));
  return (
    <section aria-label={WORDS.spot} aria-busy={!data && !error}>
      <h2 className="mb-1 text-faint text-xs">{WORDS.spot}</h2>
      {error && <Again text={error.message || WORDS.spotFailed} onAgain={refetch} />}
      {!data && !error && <Skeleton className="h-8 w-full" />}
      {data?.length === 0 && <p className="text-soft">{WORDS.spotNone}</p>}
      {data && data.length > 0 && (
        <ul className="max-h-64 overflow-y-auto">
          {data.map((recording) => (
            <Line key={recording.id} domain={question.domain} recording={recording} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Line({ domain, recording }: { domain: string; recording: HeatRecording }) {
  const { id, at, started_at, country } = recording;
  const moment = Math.max(0, at - Date.parse(started_at));
  const seconds = Math.floor(moment / 1000);
  return (
    <li>
      <Link
        to="/$domain/recordings/$id"
        params={{ domain, id }}
        search={seconds > 0 ? { t: seconds } : {}}
        className="flex min-h-8 items-center gap-3 rounded-sm px-2 -mx-2 outline-offset-[-2px] hover:bg-wash"
      >
        <span className="numerals font-medium">{formatInstant(started_at)}</span>
        <span className="min-w-0 flex-1 truncate text-soft">{country && nameValue('country', country)}</span>
        <span className="numerals text-faint">{WORDS.spotAt(formatMoment(moment))}</span>
      </Link>
    </li>
  );
}
