/** What operators asked to see: looking at what was granted, and the end of it. */
import { useQuery } from '@tanstack/react-query';
import { expectData } from '../lib/api.ts';
import { formatClock, formatInstant } from '../lib/format.ts';
import type { SupportGrant } from '../lib/people-schema.ts';
import { useAct } from '../lib/use-act.ts';
import { Button } from '../ui/button.tsx';
import { Line, Lines, Mark } from '../ui/lines.tsx';
import { Section } from '../ui/section.tsx';
import { useLazyOverlay } from '../ui/use-lazy-overlay.tsx';
import { client, grantsQuery } from './api.ts';
import { GRANTS as WORDS } from './messages.ts';

const loadView = () => import('./view-dialog.tsx');

export function Grants({ operator }: { operator: string }) {
  const grants = useQuery(grantsQuery);
  return (
    <Section title={WORDS.title} lead={WORDS.lead}>
      <Lines label={WORDS.title} query={grants} none={WORDS.none}>
        {(grant) => <GrantLine key={grant.id} grant={grant} isOwn={grant.operator === operator} />}
      </Lines>
    </Section>
  );
}

function GrantLine({ grant, isOwn }: { grant: SupportGrant; isOwn: boolean }) {
  const view = useLazyOverlay<{ grant: SupportGrant }>(loadView);
  const end = useAct(
    () => expectData(client.POST('/api/operator/support-grants/{id}/end', { params: { path: { id: grant.id } }, body: {} })),
    { refresh: [grantsQuery.queryKey], done: WORDS.ended },
  );
  const active = grant.state === 'active';
  const state = WORDS.states[grant.state] ?? grant.state;
  return (
    <>
      <Line
        name={grant.purpose}
        below={
          <>
            {`${grant.operator} · ${grant.ticket} · ${grant.site}: ${grant.fields.join(', ')}`}
            {isOwn && active && (
              <div className="mt-1">
                <Button {...view.trigger} kind="line" aria-haspopup="dialog" aria-label={WORDS.lookOf(grant.ticket)}>
                  {WORDS.look}
                </Button>
              </div>
            )}
          </>
        }
        facts={
          <>
            <span className="block">{formatInstant(grant.asked_at)}</span>
            <Mark tone={active ? 'warn' : 'plain'}>
              {active && grant.expires_at ? WORDS.until(state, formatClock(new Date(grant.expires_at))) : state}
            </Mark>
          </>
        }
        actions={
          isOwn &&
          (active || grant.state === 'pending') && (
            <Button aria-label={WORDS.endOf(grant.ticket)} disabled={end.isPending} onClick={() => end.mutate()}>
              {WORDS.end}
            </Button>
          )
        }
      />
      {view.render({ grant })}
    </>
  );
}
