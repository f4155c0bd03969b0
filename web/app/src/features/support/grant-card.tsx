/** One open request or grant: everything it is about, and what can be decided. */
import { client, expectData } from '../../lib/api.ts';
import { formatClock, formatSince } from '../../lib/format.ts';
import { may } from '../../lib/may.ts';
import { grantsQuery } from '../../lib/people-api.ts';
import type { Membership, SupportGrant } from '../../lib/people-schema.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/lines.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { STATES, WORDS } from './messages.ts';

export function GrantCard({ grant, membership }: { grant: SupportGrant; membership: Membership }) {
  const params = { path: { id: grant.id } };
  const refresh = [grantsQuery(membership.organization.id).queryKey];
  const approve = useAct(() => expectData(client.POST('/api/support-grants/{id}/approve', { params })), {
    refresh,
    done: WORDS.approved,
    quiet: true,
  });
  const decline = useAct(() => expectData(client.POST('/api/support-grants/{id}/decline', { params })), {
    refresh,
    done: WORDS.declined,
  });
  const end = useAct(() => expectData(client.POST('/api/support-grants/{id}/end', { params })), {
    refresh,
    done: WORDS.ended,
  });
  const active = grant.state === 'active';
  const decides = may(membership, 'change:support_grants');
  const facts = [
    [WORDS.purpose, grant.purpose],
    [WORDS.ticket, grant.ticket],
    [WORDS.site, grant.site],
    [WORDS.fields, grant.fields.join(', ')],
    [WORDS.looksBack, WORDS.days(grant.days)],
    [
      WORDS.time,
      active && grant.expires_at ? WORDS.until(formatClock(new Date(grant.expires_at))) : WORDS.minutes(grant.minutes),
    ],
  ];
  return (
    <li className="border-line border-b py-4 text-sm">
      <p className="mb-2 flex flex-wrap items-baseline gap-x-2">
        <span className="font-semibold">{grant.operator}</span>
        <Mark tone="warn">{STATES[grant.state]}</Mark>
        <Mark>{WORDS.asked(formatSince(grant.asked_at, Date.now()))}</Mark>
      </p>
      <dl className="mb-4 grid grid-cols-[6rem_minmax(0,1fr)] gap-x-4 gap-y-1">
        {facts.map(([term, fact]) => (
          <div key={term} className="contents">
            <dt className="text-faint">{term}</dt>
            <dd className="wrap-anywhere">{fact}</dd>
          </div>
        ))}
      </dl>
      {!decides && <p className="text-faint">{WORDS.onlyOwner}</p>}
      {decides && active && (
        <Button kind="solid" disabled={end.isPending} onClick={() => end.mutate()}>
          {WORDS.end}
        </Button>
      )}
      {decides && !active && (
        <div className="flex flex-wrap gap-2">
          <SureButton
            kind="solid"
            title={WORDS.approveTitle(grant.operator)}
            text={WORDS.approveText(grant.site, grant.minutes)}
            action={WORDS.approve}
            onSure={() => approve.mutateAsync()}
          >
            {WORDS.approve}
          </SureButton>
          <Button kind="line" disabled={decline.isPending} onClick={() => decline.mutate()}>
            {WORDS.decline}
          </Button>
        </div>
      )}
    </li>
  );
}
