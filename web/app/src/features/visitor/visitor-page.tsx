/** One visitor, for who answers to them: what they are, to what they consented, and what erasing them takes out. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { ApiError, type Site } from '../../lib/api.ts';
import { formatInstant } from '../../lib/format.ts';
import { may, mayAnswer, maySeeRecordings, maySeeVisitors } from '../../lib/may.ts';
import type { Membership } from '../../lib/people-schema.ts';
import type { Erasure } from '../../lib/privacy-api.ts';
import { membershipAt, useMembership } from '../../lib/use-membership.ts';
import { previewQuery, type Visitor, visitorQuery } from '../../lib/visitor-api.ts';
import { Again } from '../../ui/again.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Access } from './access.tsx';
import { Attributes } from './attributes.tsx';
import { Consents } from './consents.tsx';
import { Erased, Erasing } from './erasing.tsx';
import { RESTRICTING, VISITOR as WORDS } from './messages.ts';
import { Restricting } from './restricting.tsx';

interface VisitorPageProps {
  site: Site;
  visitor: string;
}

export function VisitorPage({ site, visitor }: VisitorPageProps) {
  const { session } = useMembership();
  const membership = membershipAt(session, site);
  const [erased, setErased] = useState<Erasure>();
  if (erased) return <Erased domain={site.domain} erasure={erased} />;
  if (!membership) return <Waiting />;
  if (!maySeeVisitors(membership, site)) return <Sorry title={WORDS.refusedTitle} text={WORDS.refusedText} />;
  return <Shown site={site} visitor={visitor} membership={membership} onErased={setErased} />;
}

interface ShownProps extends VisitorPageProps {
  membership: Membership;
  onErased: (erasure: Erasure) => void;
}

function Shown({ site, visitor, membership, onErased }: ShownProps) {
  const mayErase = may(membership, 'remove:events');
  const known = useQuery(visitorQuery(site.domain, visitor));
  const preview = useQuery({ ...previewQuery(site.domain, visitor), enabled: mayErase });
  const answers = mayAnswer(membership);
  if (!known.data && known.error) {
    return <Trouble error={known.error} answers={answers} onRetry={() => void known.refetch()} />;
  }
  if (!known.data) return <Waiting />;
  return (
    <>
      {known.error && <Again className="mb-4" text={known.error.message} onAgain={known.refetch} />}
      <Head known={known.data}>
        {known.data.seen && known.data.seen.recordings > 0 && maySeeRecordings(membership, site) && (
          <Link
            to="/$domain/recordings"
            params={{ domain: site.domain }}
            search={{ period: 'all', visitor }}
            className={buttonClass('line')}
          >
            {WORDS.toRecordings}
          </Link>
        )}
      </Head>
      <Attributes site={site} known={known.data} closed={!answers} />
      <Consents domain={site.domain} known={known.data} closed={!answers} />
      {answers && <Access domain={site.domain} visitor={visitor} closed={!may(membership, 'export:attributes')} />}
      {answers && <Restricting domain={site.domain} known={known.data} />}
      {mayErase && <Erasing domain={site.domain} visitor={visitor} preview={preview} onErased={onErased} />}
    </>
  );
}

function Head({ known, children }: { known: Visitor; children: ReactNode }) {
  const notes = [
    known.restricted && RESTRICTING.restricted,
    known.objected && RESTRICTING.objected,
    known.withdrawn && WORDS.withdrawn,
  ].filter((note) => note !== false);
  return (
    <div className="mb-10">
      <h1 className="wrap-anywhere font-semibold text-title tracking-[-0.02em]">{known.id ?? WORDS.title}</h1>
      <p className="mb-4 text-faint text-sm">{WORDS.audited}</p>
      <p className="mb-1 font-medium text-sm">{WORDS.id}</p>
      <CopyBlock code={known.visitor} />
      <Ids ids={known.ids} />
      {known.seen && <SeenPart seen={known.seen} />}
      {notes.map((note) => (
        <p key={note} className="mt-4 rounded-md bg-warn-wash px-4 py-3 text-sm">
          {note}
        </p>
      ))}
      <div className="mt-4 flex flex-wrap gap-2 empty:hidden">{children}</div>
    </div>
  );
}

/** More than the one above, where several ids are this visitor. */
function Ids({ ids }: { ids: Visitor['ids'] }) {
  if (ids.length < 2) return null;
  return (
    <>
      <h2 className="mt-4 mb-1 font-medium text-sm">{WORDS.ids}</h2>
      <ul aria-label={WORDS.ids} className="text-sm">
        {ids.map(({ visitor, leads_to }) => (
          <li key={visitor} className="wrap-anywhere">
            <span className="font-mono text-xs">{visitor}</span>
            {leads_to && <span className="text-faint text-xs"> {WORDS.countedAs(leads_to)}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

function SeenPart({ seen }: { seen: NonNullable<Visitor['seen']> }) {
  const { events, set_aside, visits, recordings, first_at, last_at } = seen;
  if (!first_at || !last_at) return <p className="mt-4 text-soft text-sm">{WORDS.unseen}</p>;
  const facts = [
    [WORDS.first, formatInstant(first_at)],
    [WORDS.last, formatInstant(last_at)],
    [WORDS.amount, `${WORDS.kept(events + set_aside, visits)}, ${WORDS.recordings(recordings)}`],
  ];
  return (
    <dl className="mt-4 flex flex-wrap gap-x-8 gap-y-2 text-sm">
      {facts.map(([term, fact]) => (
        <div key={term}>
          <dt className="text-faint text-xs">{term}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

function Waiting() {
  return (
    <div className="grid gap-4">
      <Skeleton className="h-8 w-64 max-w-full" />
      <Skeleton className="h-24 w-full" />
      <Skeleton className="h-40 w-full" />
    </div>
  );
}

interface TroubleProps {
  error: Error;
  /** Whether the person may look for somebody in the privacy centre. */
  answers: boolean;
  onRetry: () => void;
}

function Trouble({ error, answers, onRetry }: TroubleProps) {
  const status = error instanceof ApiError ? error.status : 0;
  if (status === 403) return <Sorry title={WORDS.refusedTitle} text={WORDS.refusedText} />;
  if (status === 404) {
    return <Sorry title={WORDS.nobodyTitle} text={answers ? `${WORDS.nobodyText} ${WORDS.nobodyFind}` : WORDS.nobodyText} />;
  }
  return (
    <Sorry title={WORDS.failedTitle} text={error.message}>
      <Button kind="line" onClick={onRetry}>
        {WORDS.retry}
      </Button>
    </Sorry>
  );
}

function Sorry({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <div role="alert" className="max-w-xl py-10">
      <h1 className="mb-2 font-semibold text-title tracking-[-0.02em]">{title}</h1>
      <p className="mb-6 text-soft">{text}</p>
      {children}
    </div>
  );
}
