/** Accepting an invitation: one press for those who are signed in; a name and a first proof for those who are new. */
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { client, expectData } from '../../lib/api.ts';
import { forgetSecret } from '../../lib/fragment.ts';
import { createPasskey, describePasskeyTrouble, hasPasskeys } from '../../lib/passkey.ts';
import type { FirstProof, PersonName } from '../../lib/people-schema.ts';
import { Button } from '../../ui/button.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { Problem, problemOf, useWait } from '../../ui/problem.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFocus } from '../../ui/use-focus.ts';
import { SETUP, SIGN_IN, INVITATION as WORDS } from './messages.ts';
import { useArrival } from './use-arrival.ts';

function useJoin(token: string) {
  const arrive = useArrival();
  return useMutation({
    mutationFn: async (how: { name?: string; password?: string; passkey?: true }) => {
      const { passkey, name, password } = how;
      const proof: Partial<FirstProof> = passkey
        ? { passkey: await createPasskey(await expectData(client.POST('/api/invitations/passkey', { body: { token } }))) }
        : password
          ? { password }
          : {};
      return expectData(client.POST('/api/invitations/accept', { body: { token, ...(name && { name }), ...proof } }));
    },
    onSuccess: () => {
      forgetSecret('invitation');
      return arrive();
    },
  });
}

export function JoinAsKnown({ token, person }: { token: string; person: PersonName }) {
  const join = useJoin(token);
  return (
    <div className="grid gap-5">
      <Problem error={join.error} />
      <Button kind="solid" className="h-9 max-w-full" disabled={join.isPending} onClick={() => join.mutate({})}>
        <span className="truncate">{WORDS.accept(person.email)}</span>
      </Button>
      <p className="text-faint text-sm">{WORDS.other}</p>
    </div>
  );
}

export function JoinAsNew({ token, email }: { token: string; email: string }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const focus = useFocus<HTMLInputElement>();
  const join = useJoin(token);
  const wait = useWait(join.error);
  const busy = join.isPending || wait > 0;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (password && !busy) join.mutate({ name: name.trim(), password });
  }
  const said = join.error && describePasskeyTrouble(join.error);
  return (
    <form onSubmit={submit} noValidate className="grid gap-5">
      {said && (
        <Problem
          error={join.error instanceof DOMException ? new Error(said) : join.error}
          fields={['name', 'password']}
          wait={wait}
        />
      )}
      <TextField
        label={SIGN_IN.email}
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        readOnly
        onText={() => {}}
      />
      <TextField
        ref={focus}
        label={SETUP.name}
        help={SETUP.optional}
        name="name"
        autoComplete="name"
        autoCapitalize="words"
        value={name}
        problem={problemOf(join.error, 'name')}
        onText={setName}
      />
      <PasswordField
        label={SIGN_IN.password}
        isNew
        value={password}
        problem={problemOf(join.error, 'password')}
        onText={setPassword}
      />
      <div className="grid gap-2">
        <Button type="submit" kind="solid" className="h-9" disabled={busy || !password}>
          {join.isPending ? WORDS.submitting : WORDS.submit}
        </Button>
        {hasPasskeys() && (
          <Button kind="line" className="h-9" disabled={busy} onClick={() => join.mutate({ name: name.trim(), passkey: true })}>
            {WORDS.passkey}
          </Button>
        )}
      </div>
      <Link
        to="/sign-in"
        search={{ to: '/invitation' }}
        className="justify-self-start text-soft text-sm underline decoration-edge underline-offset-4 hover:text-ink"
      >
        {WORDS.known}
      </Link>
    </form>
  );
}
