/** A site without events: what to do, what the server already heard, and the moment the first event arrives. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { refusalsQuery, type Site } from '../../lib/api.ts';
import { formatExact } from '../../lib/format.ts';
import { describeRefusal, describeSuspicion } from '../../lib/reasons.ts';
import { writeSnippet } from '../../lib/snippet.ts';
import { Button } from '../../ui/button.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { Icon } from '../../ui/icon.tsx';
import { WORDS } from './messages.ts';

interface WaitingProps {
  site: Site;
  arrived: boolean;
  /** The page of the first event, when it was a page view. */
  page?: string;
  onOpen: () => void;
}

/** Refusals send no live message, so they are asked for, while someone is waiting here and only then. */
const ASK_MS = 4000;

export default function Waiting({ site, arrived, page, onOpen }: WaitingProps) {
  return (
    <div className="mx-auto max-w-xl py-14">
      <p role="status" className="mb-3 flex items-center gap-3 text-soft text-sm">
        {arrived ? (
          <Icon name="check" className="text-good" />
        ) : (
          <span className="mx-1 size-2 animate-beat rounded-full bg-accent" />
        )}
        {arrived ? WORDS.arrived : WORDS.waiting}
      </p>
      {arrived ? <Arrived page={page} onOpen={onOpen} /> : <Instructions site={site} />}
    </div>
  );
}

function Arrived({ page, onOpen }: { page?: string; onOpen: () => void }) {
  return (
    <>
      <h1 className="mb-4 break-words font-semibold text-title tracking-[-0.02em]">
        {page ? WORDS.arrivedPage(page) : WORDS.arrivedEvent}
      </h1>
      <p className="mb-6 text-soft">{WORDS.follows}</p>
      <Button kind="solid" onClick={onOpen}>
        {WORDS.open}
      </Button>
    </>
  );
}

function Instructions({ site }: { site: Site }) {
  return (
    <>
      <h1 className="mb-4 break-words font-semibold text-title tracking-[-0.02em]">{WORDS.title(site.domain)}</h1>
      <p className="mb-4 text-soft">
        {WORDS.where[0]} <code className="font-mono text-sm">{WORDS.where[1]}</code> {WORDS.where[2]}
      </p>
      <CopyBlock code={writeSnippet(site, location.origin)} />
      <p className="mt-3 text-soft text-sm">
        {WORDS.settings[0]}{' '}
        <Link
          to="/$domain/settings"
          params={{ domain: site.domain }}
          className="underline decoration-edge underline-offset-4 hover:text-ink"
        >
          {WORDS.settings[1]}
        </Link>
        .
      </p>
      <Heard domain={site.domain} />
    </>
  );
}

/** Why events that did come in were not taken. */
function Heard({ domain }: { domain: string }) {
  const { data } = useQuery({ ...refusalsQuery(domain, 1), refetchInterval: ASK_MS });
  if (!data) return null;
  const heard = [
    ...data.refused.map((row) => ({ ...row, ...describeRefusal(row.reason) })),
    ...data.set_aside.map((row) => ({ ...row, ...describeSuspicion(row.reason) })),
  ];
  if (data.unknown_site > 0)
    heard.push({ reason: 'unknown_site', count: data.unknown_site, last_day: '', ...describeRefusal('unknown_site') });
  if (heard.length === 0) return null;
  return (
    <section aria-label={WORDS.heardLabel} className="mt-10 border-line border-t pt-6">
      <h2 className="mb-1 font-semibold text-lg">{WORDS.heard}</h2>
      <ul>
        {heard.map((row) => (
          <li key={row.reason} className="flex gap-4 border-line border-b py-3 text-sm last:border-0">
            <span className="min-w-0 flex-1">
              <span className="block font-medium">{row.label}</span>
              <span className="block text-soft">{row.text}</span>
            </span>
            <span className="numerals font-semibold">{formatExact(row.count)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
