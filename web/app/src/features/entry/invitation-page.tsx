/** An invitation: what it is to, and the two ways to accept it, as the person signed in or as somebody new. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { client, expectData } from '../../lib/api.ts';
import { secretOf } from '../../lib/fragment.ts';
import { sessionQuery } from '../../lib/people-api.ts';
import type { InvitationLook } from '../../lib/people-schema.ts';
import { buttonClass } from '../../ui/button.tsx';
import { LoneFrame } from '../../ui/lone-frame.tsx';
import { JoinAsKnown, JoinAsNew } from './join-forms.tsx';
import { ROLE_MEANS, SIGN_IN, INVITATION as WORDS } from './messages.ts';

export default function InvitationPage() {
  const [token] = useState(() => secretOf('invitation'));
  const session = useQuery(sessionQuery);
  const look = useQuery({
    queryKey: ['invitation'],
    queryFn: ({ signal }) => expectData(client.POST('/api/invitations/look', { body: { token: token ?? '' }, signal })),
    enabled: token !== undefined,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (!token) return <LoneFrame title={WORDS.incomplete} lead={WORDS.incompleteLead} />;
  if (look.isError) {
    return (
      <LoneFrame title={WORDS.invalid} lead={look.error.message}>
        <Link to="/sign-in" className={buttonClass('line', 'h-9')}>
          {SIGN_IN.title}
        </Link>
      </LoneFrame>
    );
  }
  if (!look.data || session.isPending) return <LoneFrame title={WORDS.looking} />;
  return (
    <LoneFrame title={WORDS.title(look.data.organization.name)} lead={<Role {...look.data} />}>
      {session.data ? (
        <JoinAsKnown token={token} person={session.data.person} />
      ) : (
        <JoinAsNew token={token} email={look.data.email} />
      )}
    </LoneFrame>
  );
}

function Role({ role, sites }: InvitationLook) {
  return (
    <p>
      {WORDS.role} {ROLE_MEANS[role]}
      {role === 'site_viewer' && sites && sites.length > 0 && ` ${WORDS.sites} ${sites.join(', ')}`}.
    </p>
  );
}
