/** The second proof: a code, a passkey or a recovery code, whichever the person has. */
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { client, expectData } from '../../lib/api.ts';
import { describePasskeyTrouble, getPasskey, hasPasskeys } from '../../lib/passkey.ts';
import type { Factor, FactorProof, SignInAnswer } from '../../lib/people-schema.ts';
import { Button } from '../../ui/button.tsx';
import { Problem, useWait } from '../../ui/problem.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFocus } from '../../ui/use-focus.ts';
import { SECOND as WORDS } from './messages.ts';

interface SecondFactorProps {
  ticket: string;
  factors: Factor[];
  onAnswer: (answer: SignInAnswer) => void;
  onRestart: () => void;
}

export function SecondFactor({ ticket, factors, onAnswer, onRestart }: SecondFactorProps) {
  const usable = factors.filter((factor) => factor !== 'passkey' || hasPasskeys());
  const [factor, setFactor] = useState<Factor>(usable.includes('totp') ? 'totp' : (usable[0] ?? 'recovery_code'));
  const prove = useMutation({
    mutationFn: async (proof?: FactorProof) => {
      const given = proof ?? { passkey: await getPasskey(await askForPasskey(ticket)) };
      return expectData(client.POST('/api/session/second-factor', { body: { ticket, ...given } }));
    },
    onSuccess: onAnswer,
  });
  const wait = useWait(prove.error);
  const said = prove.error && factor === 'passkey' ? describePasskeyTrouble(prove.error) : undefined;
  return (
    <div className="grid gap-5">
      <Problem error={said ? new Error(said) : prove.error} wait={wait} />
      {factor === 'passkey' ? (
        <Button kind="solid" className="h-9" disabled={prove.isPending || wait > 0} onClick={() => prove.mutate(undefined)}>
          {prove.isPending ? WORDS.submitting : WORDS.passkey}
        </Button>
      ) : (
        <CodeForm key={factor} factor={factor} busy={prove.isPending || wait > 0} onCode={(proof) => prove.mutate(proof)} />
      )}
      <div className="flex flex-wrap gap-x-1 gap-y-1 border-line border-t pt-4">
        {usable
          .filter((other) => other !== factor)
          .map((other) => (
            <Button
              key={other}
              className="-ml-2.5 mr-2.5"
              onClick={() => {
                prove.reset();
                setFactor(other);
              }}
            >
              {WORDS.instead[other]}
            </Button>
          ))}
        <Button className="-ml-2.5 text-faint" onClick={onRestart}>
          {WORDS.restart}
        </Button>
      </div>
    </div>
  );
}

const askForPasskey = (ticket: string) => expectData(client.POST('/api/session/second-factor/passkey', { body: { ticket } }));

interface CodeFormProps {
  factor: 'totp' | 'recovery_code';
  busy: boolean;
  onCode: (proof: FactorProof) => void;
}

const DIGITS = 6;

function CodeForm({ factor, busy, onCode }: CodeFormProps) {
  const [code, setCode] = useState('');
  const focus = useFocus<HTMLInputElement>();
  const totp = factor === 'totp';
  const send = (text: string) => onCode(totp ? { totp: text } : { recovery_code: text.trim() });
  function type(text: string) {
    const next = totp ? text.replace(/\D/g, '').slice(0, DIGITS) : text;
    setCode(next);
    // A whole code that was pasted or filled in needs no further press.
    if (totp && next.length === DIGITS && code.length < DIGITS && !busy) send(next);
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (code.trim()) send(code);
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-5">
      <TextField
        ref={focus}
        label={totp ? WORDS.totp : WORDS.recovery}
        help={totp ? WORDS.totpHelp : WORDS.recoveryHelp}
        name={totp ? 'totp' : 'recovery'}
        autoComplete={totp ? 'one-time-code' : 'off'}
        inputMode={totp ? 'numeric' : undefined}
        className={totp ? 'numerals tracking-[0.3em]' : 'font-mono'}
        value={code}
        onText={type}
      />
      <Button type="submit" kind="solid" className="h-9" disabled={busy || !code.trim()}>
        {busy ? WORDS.submitting : WORDS.submit}
      </Button>
    </form>
  );
}
