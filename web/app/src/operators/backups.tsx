/** Backups and drills: whether they are in time, how the last ones went, and what is in them. Which there are takes two operators. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { expectData } from '../lib/api.ts';
import { formatBytes } from '../lib/bytes.ts';
import { formatInstant, formatSince } from '../lib/format.ts';
import { say } from '../lib/say.ts';
import { useAct } from '../lib/use-act.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/lines.tsx';
import { Problem } from '../ui/problem.tsx';
import { Section } from '../ui/section.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { approvalsQuery, backupsQuery, client, lastActsQuery, queries } from './api.ts';
import { BackupContentsPart } from './backup-contents.tsx';
import { BackupList } from './backup-list.tsx';
import { BACKUPS as WORDS } from './backup-messages.ts';
import { LastActs } from './last-acts.tsx';
import type { BackupContents, BackupLine } from './schema.ts';

export function Backups() {
  const { data, error } = useQuery(backupsQuery);
  return (
    <Section title={WORDS.title} lead={data && data.state !== 'off' && WORDS.lead}>
      <Problem error={data ? null : error} />
      {!data && !error && <Skeleton className="h-24 w-full" />}
      {data?.state === 'off' && <p className="text-sm">{WORDS.off}</p>}
      {data && data.state !== 'off' && (
        <>
          <State contents={data} />
          <Acts />
          <LastActs act="backup_make" />
          <LastActs act="backup_drill" />
        </>
      )}
      {data && <BackupContentsPart contents={data} />}
    </Section>
  );
}

function State({ contents }: { contents: BackupContents }) {
  const { state, last_backup, last_drill } = contents;
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2 text-sm">
      <Fact term={WORDS.state} good={state === 'ok'} words={WORDS.states[state]} />
      <Fact term={WORDS.lastBackup} good={state !== 'backup_late'} words={since(last_backup)} />
      <Fact term={WORDS.lastDrill} good={state !== 'drill_late' && state !== 'drill_failed'} words={since(last_drill)} />
    </dl>
  );
}

const since = (at?: string | null) => (at ? `${formatSince(at, Date.now())} (${formatInstant(at)})` : WORDS.never);

function Fact({ term, words, good }: { term: string; words: string; good: boolean }) {
  return (
    <div>
      <dt className="text-faint text-xs">{term}</dt>
      <dd>
        <Mark tone={good ? 'good' : 'bad'}>{words}</Mark>
      </dd>
    </div>
  );
}

function Acts() {
  const [shown, setShown] = useState<BackupLine[]>();
  const refresh = [backupsQuery.queryKey, lastActsQuery('backup_make').queryKey];
  // One that failed is written down, too.
  const lookAgain = () => void queries.invalidateQueries({ queryKey: lastActsQuery('backup_make').queryKey });
  const make = useAct(() => expectData(client.POST('/api/operator/backups')), {
    refresh,
    onDone: (made) => say(made ? WORDS.made(formatBytes(made.bytes)) : WORDS.goesOn),
    quiet: true,
  });
  const show = useAct(() => expectData(client.POST('/api/operator/backups/list')), {
    refresh: [approvalsQuery.queryKey],
    onDone: (answer) => {
      if (answer && 'backups' in answer) setShown(answer.backups);
      else say(WORDS.waits);
    },
    quiet: true,
  });
  return (
    <>
      <div className="my-4 flex flex-wrap gap-2">
        <Button kind="line" disabled={make.isPending} onClick={() => make.mutate(undefined, { onError: lookAgain })}>
          {make.isPending ? WORDS.making : WORDS.make}
        </Button>
        <Button kind="line" disabled={show.isPending} onClick={() => show.mutate()}>
          {WORDS.show}
        </Button>
      </div>
      <Problem error={make.error ?? show.error} />
      {shown && <BackupList backups={shown} onHide={() => setShown(undefined)} />}
    </>
  );
}
