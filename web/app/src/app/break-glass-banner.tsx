/** Says so on every screen of those who may see the audit log when an owner was let in from the shell of the server lately. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { formatInstant } from '../lib/format.ts';
import { sessionQuery } from '../lib/people-api.ts';
import { buttonClass } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

export function BreakGlassBanner() {
  const { data: session } = useQuery(sessionQuery);
  const told = session?.memberships.flatMap(({ organization, break_glass = [] }) =>
    break_glass.map((glass) => ({ ...glass, organization: organization.id })),
  );
  const last = told?.[0];
  if (!last) return null;
  return (
    <Notice
      tone="warn"
      title={`A new password for ${last.person} was asked for from the server’s shell on ${formatInstant(last.at)}.`}
      action={
        <Link
          to="/settings/audit"
          search={{ organization: last.organization, act: 'break_glass' }}
          className={buttonClass('line')}
        >
          Look in the audit log
        </Link>
      }
    >
      For 24 hours after it is chosen nothing is open to that account. If nobody you know asked for it, remove that owner.
    </Notice>
  );
}
