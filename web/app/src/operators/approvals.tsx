/** Destructive acts that wait for a second operator. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { expectData } from '../lib/api.ts';
import { formatSince } from '../lib/format.ts';
import { useAct } from '../lib/use-act.ts';
import { Button } from '../ui/button.tsx';
import { Line, Lines, Mark } from '../ui/lines.tsx';
import { Section } from '../ui/section.tsx';
import { SureButton } from '../ui/sure-button.tsx';
import { approvalsQuery, client } from './api.ts';
import { BackupList } from './backup-list.tsx';
import { APPROVALS as WORDS } from './messages.ts';
import type { Approval, BackupLine } from './schema.ts';

export function Approvals({ operator }: { operator: string }) {
  const approvals = useQuery(approvalsQuery);
  // Whoever approves that it is shown which backups there are is who sees it.
  const [backups, setBackups] = useState<BackupLine[]>();
  return (
    <Section title={WORDS.title}>
      <Lines label={WORDS.title} query={approvals} none={WORDS.none}>
        {(approval) => (
          <ApprovalLine key={approval.id} approval={approval} isOwn={approval.asked_by === operator} onBackups={setBackups} />
        )}
      </Lines>
      {backups && (
        <div className="mt-4">
          <BackupList backups={backups} onHide={() => setBackups(undefined)} />
        </div>
      )}
    </Section>
  );
}

interface ApprovalLineProps {
  approval: Approval;
  isOwn: boolean;
  onBackups: (backups: BackupLine[]) => void;
}

function ApprovalLine({ approval, isOwn, onBackups }: ApprovalLineProps) {
  const params = { path: { id: approval.id } };
  // What was approved may change any other part.
  const approve = useAct(() => expectData(client.POST('/api/operator/approvals/{id}/approve', { params, body: {} })), {
    refresh: [[]],
    done: WORDS.approved,
    onDone: (answer) => answer?.backups && onBackups(answer.backups),
    quiet: true,
  });
  const decline = useAct(() => expectData(client.POST('/api/operator/approvals/{id}/decline', { params, body: {} })), {
    refresh: [approvalsQuery.queryKey],
    done: WORDS.declined,
  });
  const what = WORDS.acts[approval.act]?.(approval.object) ?? `${approval.act.replaceAll('_', ' ')}: ${approval.object}`;
  return (
    <Line
      name={what}
      below={
        <>
          {WORDS.asked(approval.asked_by, formatSince(approval.asked_at, Date.now()))}
          <Enrolled approval={approval} />
        </>
      }
      facts={isOwn && <Mark>{WORDS.yours}</Mark>}
      actions={
        !isOwn && (
          <>
            <SureButton
              title={WORDS.approveTitle(what)}
              text={
                <>
                  {WORDS.approveText}
                  <Enrolled approval={approval} />
                </>
              }
              action={WORDS.approve}
              onSure={() => approve.mutateAsync()}
            >
              {WORDS.approve}
            </SureButton>
            <Button disabled={decline.isPending} onClick={() => decline.mutate()}>
              {WORDS.decline}
            </Button>
          </>
        )
      }
    />
  );
}

/** To whom and from where the server would open: a name alone could be anybody's. */
function Enrolled({ approval: { key, networks } }: { approval: Approval }) {
  if (!key) return null;
  return (
    <dl className="mt-1 grid gap-x-4 text-xs sm:grid-cols-[5rem_minmax(0,1fr)]">
      <dt className="text-faint">{WORDS.key}</dt>
      <dd className="wrap-anywhere font-mono">{key}</dd>
      <dt className="text-faint">{WORDS.networks}</dt>
      <dd className="wrap-anywhere">{networks?.length ? networks.join(', ') : WORDS.here}</dd>
    </dl>
  );
}
