/** Says so on every screen while an operator may see something, or asks to. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { formatClock } from '../lib/format.ts';
import { may } from '../lib/may.ts';
import { grantsQuery, sessionQuery } from '../lib/people-api.ts';
import { buttonClass } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

export function SupportBanner() {
  const { data: session } = useQuery(sessionQuery);
  const watched = session?.memberships.filter((each) => may(each, 'see:support_grants')) ?? [];
  const answers = useQueries({ queries: watched.map(({ organization }) => grantsQuery(organization.id)) });
  const grants = answers.flatMap(({ data }, at) =>
    (data ?? []).map((grant) => ({ grant, organization: watched[at]!.organization.id })),
  );
  const found = grants.find(({ grant }) => grant.state === 'active') ?? grants.find(({ grant }) => grant.state === 'pending');
  if (!found) return null;
  const { operator, site, expires_at, state } = found.grant;
  const until = expires_at ? ` until ${formatClock(new Date(expires_at))}` : '';
  return (
    <Notice
      tone="warn"
      title={state === 'active' ? `Operator ${operator} can see ${site}${until}.` : `Operator ${operator} asks to see ${site}.`}
      action={
        <Link to="/settings/support" search={{ organization: found.organization }} className={buttonClass('line')}>
          {state === 'active' ? 'Look or end it' : 'Look and decide'}
        </Link>
      }
    >
      {state === 'active' ? 'A masked view that was approved for this one use.' : 'Nothing is open until an owner approves.'}
    </Notice>
  );
}
