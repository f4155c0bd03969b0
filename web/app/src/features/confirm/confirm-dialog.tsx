/** Asks the signed-in person to show once more that it is they. What they were about to do waits, and goes on by itself. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { client, expectData } from '../../lib/api.ts';
import { describePasskeyTrouble, getPasskey, hasPasskeys } from '../../lib/passkey.ts';
import { securityQuery, sessionQuery } from '../../lib/people-api.ts';
import type { Proof } from '../../lib/people-schema.ts';
import { Button } from '../../ui/button.tsx';
import { OpenModal } from '../../ui/overlay-parts.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { Problem, useWait } from '../../ui/problem.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFocus } from '../../ui/use-focus.ts';
import { WORDS } from './messages.ts';

export default function ConfirmDialog({ onDone }: { onDone: (yes: boolean) => void }) {
  const { data: security } = useQuery(securityQuery);
  const { data: session } = useQuery(sessionQuery);
  const [chosen, choose] = useState<'password' | 'totp'>();
  const confirm = useMutation({
    mutationFn: async (proof?: Proof) => {
      const body = proof ?? { passkey: await getPasskey(await askForPasskey()) };
      await expectData(client.POST('/api/session/confirm', { body }));
    },
    onSuccess: () => onDone(true),
  });
  const wait = useWait(confirm.error);
  const busy = confirm.isPending || wait > 0;
  const by = chosen ?? (security?.password === false && security.totp ? 'totp' : 'password');
  const typed = security?.password || security?.totp;
  const said = confirm.error && describePasskeyTrouble(confirm.error);
  return (
    <OpenModal title={WORDS.title} className="max-w-md" stays onClose={() => onDone(false)}>
      <div className="grid gap-5 overflow-auto p-5">
        <p className="text-soft text-sm">{WORDS.lead}</p>
        {said && <Problem error={confirm.error instanceof DOMException ? new Error(said) : confirm.error} wait={wait} />}
        {typed && (
          <TypedProof
            key={by}
            by={by}
            email={session?.person.email ?? ''}
            busy={busy}
            pending={confirm.isPending}
            onProof={(proof) => confirm.mutate(proof)}
          />
        )}
        <div className="flex flex-wrap gap-2 empty:hidden">
          {hasPasskeys() && security && security.passkeys.length > 0 && (
            <Button kind={typed ? 'line' : 'solid'} disabled={busy} onClick={() => confirm.mutate(undefined)}>
              {WORDS.passkey}
            </Button>
          )}
          {security?.password && security.totp && (
            <Button onClick={() => choose(by === 'totp' ? 'password' : 'totp')}>
              {by === 'totp' ? WORDS.usePassword : WORDS.useCode}
            </Button>
          )}
        </div>
      </div>
    </OpenModal>
  );
}

const askForPasskey = () => expectData(client.POST('/api/session/confirm/passkey'));

interface TypedProofProps {
  by: 'password' | 'totp';
  email: string;
  busy: boolean;
  pending: boolean;
  onProof: (proof: Proof) => void;
}

function TypedProof({ by, email, busy, pending, onProof }: TypedProofProps) {
  const [text, setText] = useState('');
  const focus = useFocus<HTMLInputElement>();
  function submit(event: FormEvent) {
    event.preventDefault();
    if (text && !busy) onProof(by === 'totp' ? { totp: text.replace(/\D/g, '') } : { password: text });
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-5">
      {/* So that managers of passwords know whose it is. */}
      <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
      {by === 'totp' ? (
        <TextField
          ref={focus}
          label={WORDS.code}
          name="totp"
          autoComplete="one-time-code"
          inputMode="numeric"
          className="numerals tracking-[0.3em]"
          value={text}
          onText={setText}
        />
      ) : (
        <PasswordField ref={focus} label={WORDS.password} value={text} onText={setText} />
      )}
      <div>
        <Button type="submit" kind="solid" disabled={busy || !text}>
          {pending ? WORDS.submitting : WORDS.submit}
        </Button>
      </div>
    </form>
  );
}
