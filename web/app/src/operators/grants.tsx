/** What operators asked to see, and the end of it. */
import { useQuery } from '@tanstack/react-query';
import { expectData } from '../lib/api.ts';
import { formatInstant } from '../lib/format.ts';
import { useAct } from '../lib/use-act.ts';
import { Button } from '../ui/button.tsx';
import { Line, Lines, Mark } from '../ui/lines.tsx';
import { Section } from '../ui/section.tsx';
import { client, grantsQuery } from './api.ts';
import { GRANTS as WORDS } from './messages.ts';

export function Grants() {
  const grants = useQuery(grantsQuery);
  const end = useAct(
    (id: string) => expectData(client.POST('/api/operator/support-grants/{id}/end', { params: { path: { id } }, body: {} })),
    { refresh: [grantsQuery.queryKey], done: WORDS.ended },
  );
  return (
    <Section title={WORDS.title} lead={WORDS.lead}>
      <Lines label={WORDS.title} query={grants} none={WORDS.none}>
        {(grant) => (
          <Line
            key={grant.id}
            name={grant.purpose}
            below={`${grant.operator} · ${grant.ticket} · ${grant.site}: ${grant.fields.join(', ')}`}
            facts={
              <>
                <span className="block">{formatInstant(grant.asked_at)}</span>
                <Mark tone={grant.state === 'active' ? 'warn' : 'plain'}>{WORDS.states[grant.state] ?? grant.state}</Mark>
              </>
            }
            actions={
              (grant.state === 'active' || grant.state === 'pending') && (
                <Button aria-label={WORDS.endOf(grant.ticket)} disabled={end.isPending} onClick={() => end.mutate(grant.id)}>
                  {WORDS.end}
                </Button>
              )
            }
          />
        )}
      </Lines>
    </Section>
  );
}
