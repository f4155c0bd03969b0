/** Support grants: what operators ask to see, what one of them sees right now, and what was before. */
import { useQuery } from '@tanstack/react-query';
import { formatDate } from '../../lib/format.ts';
import { grantsQuery } from '../../lib/people-api.ts';
import type { Membership, SupportGrant } from '../../lib/people-schema.ts';
import { Line, Lines, Mark } from '../../ui/lines.tsx';
import { Section } from '../../ui/section.tsx';
import { GrantCard } from './grant-card.tsx';
import { STATES, WORDS } from './messages.ts';

const isOpen = ({ state }: SupportGrant) => state === 'pending' || state === 'active';

export default function SupportPage({ membership }: { membership: Membership }) {
  const query = useQuery(grantsQuery(membership.organization.id));
  const pick = (open: boolean) => ({ ...query, data: query.data?.filter((grant) => isOpen(grant) === open) });
  return (
    <>
      <p className="mb-8 max-w-prose text-soft">{WORDS.lead}</p>
      <Section title={WORDS.open}>
        <Lines label={WORDS.open} query={pick(true)} none={WORDS.noneOpen}>
          {(grant) => <GrantCard key={grant.id} grant={grant} membership={membership} />}
        </Lines>
      </Section>
      <Section title={WORDS.history}>
        <Lines label={WORDS.history} query={pick(false)} none={WORDS.noHistory}>
          {(grant) => (
            <Line
              key={grant.id}
              name={grant.purpose}
              below={`${grant.operator} · ${grant.ticket} · ${grant.site}: ${grant.fields.join(', ')}`}
              facts={
                <>
                  <span className="block">{formatDate(grant.asked_at)}</span>
                  <Mark>{STATES[grant.state] ?? grant.state}</Mark>
                </>
              }
            />
          )}
        </Lines>
      </Section>
    </>
  );
}
