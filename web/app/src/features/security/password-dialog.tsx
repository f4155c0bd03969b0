/** A new password for the person who is signed in. */
import { type FormEvent, useState } from 'react';
import { client, expectData } from '../../lib/api.ts';
import { devicesQuery, securityQuery } from '../../lib/people-api.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { OpenModal } from '../../ui/overlay-parts.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { Problem, problemOf } from '../../ui/problem.tsx';
import { useFocus } from '../../ui/use-focus.ts';
import type { OverlayProps } from '../../ui/use-lazy-overlay.tsx';
import { PASSWORD as WORDS } from './messages.ts';

export default function PasswordDialog({ email, onClose }: { email: string } & OverlayProps) {
  return (
    <OpenModal title={WORDS.submit} className="max-w-md" stays onClose={onClose}>
      <PasswordForm email={email} onDone={onClose} />
    </OpenModal>
  );
}

function PasswordForm({ email, onDone }: { email: string; onDone: () => void }) {
  const [password, setPassword] = useState('');
  const focus = useFocus<HTMLInputElement>();
  const change = useAct(() => expectData(client.PUT('/api/me/password', { body: { password } })), {
    refresh: [securityQuery.queryKey, devicesQuery.queryKey],
    done: WORDS.done,
    onDone,
    quiet: true,
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (password) change.mutate();
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-5 overflow-auto p-5">
      {/* So that managers of passwords know whose it is. */}
      <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
      <Problem error={change.error} fields={['password']} />
      <PasswordField
        ref={focus}
        label={WORDS.field}
        isNew
        value={password}
        problem={problemOf(change.error, 'password')}
        onText={setPassword}
      />
      <div>
        <Button type="submit" kind="solid" disabled={!password || change.isPending}>
          {WORDS.submit}
        </Button>
      </div>
    </form>
  );
}
