/** One recording: seen, moved through, shared inside the organization at a moment, removed. Whoever opens it is in the audit log. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { ApiError, type Site } from '../../lib/api.ts';
import { formatDuration, formatInstant } from '../../lib/format.ts';
import { lastList } from '../../lib/last-list.ts';
import { may } from '../../lib/may.ts';
import { nameValue } from '../../lib/names.ts';
import { recordingQuery, removeRecording, replayQuery } from '../../lib/recordings-api.ts';
import { formatMoment, type PlayerSearch } from '../../lib/replay/moment.ts';
import type { RecordingIndex } from '../../lib/replay/recording.ts';
import { say } from '../../lib/say.ts';
import { useAct } from '../../lib/use-act.ts';
import { membershipAt, useMembership } from '../../lib/use-membership.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { Controls } from './controls.tsx';
import { Happenings, Legend } from './happenings.tsx';
import { WORDS } from './messages.ts';
import { Notes } from './notes.tsx';
import { Screen } from './screen.tsx';
import { Timeline } from './timeline.tsx';
import { type Played, usePlayback } from './use-playback.ts';
import { usePlayerKeys } from './use-player-keys.ts';

export function PlayerPage({ site, id }: { site: Site; id: string }) {
  const index = useQuery(recordingQuery(site.domain, id));
  const replay = useQuery(replayQuery);
  const error = index.error ?? replay.error;
  if (error) {
    return <Trouble error={error} onRetry={() => void (index.error ? index.refetch() : replay.refetch())} />;
  }
  if (replay.data === null) return <Sorry title={WORDS.noFrameTitle} text={WORDS.noFrameText} />;
  if (index.data?.stretches.length === 0) return <Sorry title={WORDS.emptyTitle} text={WORDS.emptyText} />;
  return <Player site={site} id={id} index={index.data} origin={replay.data} />;
}

interface PlayerProps {
  site: Site;
  id: string;
  /** Both are on their way at first. The frame is put on the screen as soon as it is known where it is. */
  index: RecordingIndex | undefined;
  origin: string | undefined;
}

function Player({ site, id, index, origin }: PlayerProps) {
  const { t = 0 } = useSearch({ strict: false }) as PlayerSearch;
  const navigate = useNavigate();
  const played = usePlayback({ domain: site.domain, id, index, seconds: t });
  const { playback, state, started, ended, marks, quiet } = played;
  const leave = useCallback(
    () => void navigate({ to: '/$domain/recordings', params: { domain: site.domain }, search: lastList(site.domain) }),
    [navigate, site.domain],
  );
  usePlayerKeys({ playback, started, ended, onLeave: leave });
  return (
    <>
      {index ? <Head site={site} index={index} played={played} onRemoved={leave} /> : <Opening />}
      <div className="grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <section aria-label={WORDS.player} className="grid content-start gap-3">
          <Screen playback={playback} state={state} origin={origin} stretches={index?.stretches ?? []} />
          {index && (
            <>
              <Timeline
                at={state.at}
                started={started}
                ended={ended}
                marks={marks}
                quiet={quiet}
                gaps={index.silences}
                onSeek={(at) => playback.seek(at)}
              />
              <Controls {...played} />
              <Legend marks={marks} />
            </>
          )}
        </section>
        <div className="relative min-h-40">{index && <Happenings {...played} />}</div>
      </div>
      {index && <Notes index={index} />}
    </>
  );
}

/** Stands where the head will. */
function Opening() {
  return (
    <div role="status" aria-label={WORDS.opening} className="mb-4 grid min-h-13 content-start gap-2">
      <Skeleton className="h-6 w-72 max-w-full" />
      <Skeleton className="h-4 w-96 max-w-full" />
    </div>
  );
}

interface HeadProps {
  site: Site;
  index: RecordingIndex;
  played: Played;
  onRemoved: () => void;
}

function Head({ site, index, played, onRemoved }: HeadProps) {
  const { session } = useMembership();
  const { line } = index;
  const remove = useAct(() => removeRecording(site.domain, index.line.id), {
    refresh: [['recordings', site.domain]],
    done: WORDS.removed,
    onDone: onRemoved,
    quiet: true,
  });
  const moment = played.state.at - played.started;
  const copy = async () => {
    const url = new URL(location.href);
    url.searchParams.set('t', String(Math.floor(moment / 1000)));
    await navigator.clipboard.writeText(url.href);
    say(WORDS.copied(formatMoment(moment)));
  };
  const facts = [
    formatDuration((played.ended - played.started) / 1000),
    line.country && nameValue('country', line.country),
    line.device,
    [line.browser, line.os].filter(Boolean).join(', '),
  ];
  return (
    <div className="mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
      <div className="min-w-0">
        <h1 className="font-semibold text-xl tracking-[-0.01em]">{WORDS.title(formatInstant(line.started_at))}</h1>
        <p className="text-soft text-sm">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      <div className="flex flex-wrap gap-1">
        <Button kind="line" onClick={() => void copy()}>
          <Icon name="copy" />
          <span>
            {WORDS.copy}
            <span className="max-sm:sr-only"> {WORDS.copyMoment}</span>
          </span>
        </Button>
        <Link
          to="/$domain/recordings"
          params={{ domain: site.domain }}
          search={{ period: 'all', visitor: line.visitor }}
          className={buttonClass('line')}
        >
          <Icon name="person" />
          <span>
            <span className="max-sm:sr-only">{WORDS.recordingsOf} </span>
            <span className="max-sm:inline-block max-sm:first-letter:uppercase">{WORDS.thisVisitor}</span>
          </span>
        </Link>
        {may(membershipAt(session, site), 'remove:recordings') && (
          <SureButton
            title={WORDS.removeTitle}
            text={WORDS.removeText}
            action={WORDS.remove}
            onSure={() => remove.mutateAsync(undefined)}
          >
            {WORDS.remove}
          </SureButton>
        )}
      </div>
    </div>
  );
}

function Trouble({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const status = error instanceof ApiError ? error.status : 0;
  if (status === 404) return <Sorry title={WORDS.goneTitle} text={WORDS.goneText} />;
  if (status === 403) return <Sorry title={WORDS.refusedTitle} text={WORDS.refusedText} />;
  return (
    <Sorry title={WORDS.failedTitle} text={error.message}>
      <Button kind="line" onClick={onRetry}>
        {WORDS.retry}
      </Button>
    </Sorry>
  );
}

function Sorry({ title, text, children }: { title: string; text: string; children?: React.ReactNode }) {
  return (
    <div role="alert" className="max-w-xl py-16">
      <h1 className="mb-2 font-semibold text-title tracking-[-0.02em]">{title}</h1>
      <p className="mb-6 text-soft">{text}</p>
      {children}
    </div>
  );
}
