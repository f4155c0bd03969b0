/** An invitation: by e-mail where the server sends any, and always as a link to hand over. */
import { type FormEvent, useState } from 'react';
import { client, expectData } from '../../lib/api.ts';
import { formatInstant } from '../../lib/format.ts';
import { invitationsQuery } from '../../lib/people-api.ts';
import type { InvitationMade, Membership, Role } from '../../lib/people-schema.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { OpenModal } from '../../ui/overlay-parts.tsx';
import { Problem, problemOf } from '../../ui/problem.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFocus } from '../../ui/use-focus.ts';
import type { OverlayProps } from '../../ui/use-lazy-overlay.tsx';
import { INVITE as WORDS } from './messages.ts';
import { RoleChoice } from './role-choice.tsx';

export default function InviteDialog({ membership, onClose }: { membership: Membership } & OverlayProps) {
  const [made, setMade] = useState<InvitationMade>();
  return (
    <OpenModal title={made ? WORDS.made(made.email) : WORDS.title} stays onClose={onClose}>
      {made ? (
        <div className="grid gap-4 overflow-auto p-5">
          <p role="status" className="text-soft text-sm">
            {made.mailed ? WORDS.mailed : WORDS.unmailed} {formatInstant(made.expires_at)}.
          </p>
          <CopyBlock code={made.url} />
          <div>
            <Button kind="solid" onClick={onClose}>
              {WORDS.done}
            </Button>
          </div>
        </div>
      ) : (
        <InviteForm membership={membership} onMade={setMade} />
      )}
    </OpenModal>
  );
}

interface InviteFormProps {
  membership: Membership;
  onMade: (made: InvitationMade) => void;
}

function InviteForm({ membership, onMade }: InviteFormProps) {
  const organization = membership.organization.id;
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('organization_viewer');
  const [sites, setSites] = useState<string[]>([]);
  const focus = useFocus<HTMLInputElement>();
  const invite = useAct(
    () =>
      expectData(
        client.POST('/api/invitations', {
          body: { organization, email: email.trim(), role, ...(role === 'site_viewer' && { sites }) },
        }),
      ),
    { refresh: [invitationsQuery(organization).queryKey], onDone: onMade, quiet: true },
  );
  const whole = email.trim() !== '' && (role !== 'site_viewer' || sites.length > 0);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (whole) invite.mutate();
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-5 overflow-auto p-5">
      <Problem error={invite.error} fields={['email']} />
      <TextField
        ref={focus}
        label={WORDS.email}
        type="email"
        autoComplete="off"
        value={email}
        problem={problemOf(invite.error, 'email')}
        onText={setEmail}
      />
      <RoleChoice membership={membership} role={role} sites={sites} onRole={setRole} onSites={setSites} />
      <div>
        <Button type="submit" kind="solid" disabled={!whole || invite.isPending}>
          {invite.isPending ? WORDS.submitting : WORDS.submit}
        </Button>
      </div>
    </form>
  );
}
