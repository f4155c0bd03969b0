/** An operator's sign-in: a challenge to sign with their SSH key, and the second factor. */
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { expectData } from '../lib/api.ts';
import { Button } from '../ui/button.tsx';
import { CopyBlock } from '../ui/copy-block.tsx';
import { LoneFrame } from '../ui/lone-frame.tsx';
import { Problem, problemOf, useWait } from '../ui/problem.tsx';
import { INPUT, TextField } from '../ui/text-field.tsx';
import { useFocus } from '../ui/use-focus.ts';
import { client, queries, sessionQuery } from './api.ts';
import { SIGN_IN as WORDS } from './messages.ts';

export function SignIn() {
  const [operator, setOperator] = useState('');
  const focus = useFocus<HTMLInputElement>();
  const begin = useMutation({
    mutationFn: () => expectData(client.POST('/api/operator/session/challenge', { body: { operator: operator.trim() } })),
  });
  const wait = useWait(begin.error);
  if (begin.data) return <Prove challenge={begin.data.challenge} onRestart={begin.reset} />;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (operator.trim()) begin.mutate();
  }
  return (
    <LoneFrame title={WORDS.title} lead={WORDS.lead}>
      <form onSubmit={submit} noValidate className="grid gap-5">
        <Problem error={begin.error} fields={['operator']} wait={wait} />
        <TextField
          ref={focus}
          label={WORDS.name}
          help={WORDS.nameHelp}
          name="operator"
          autoComplete="username"
          value={operator}
          problem={problemOf(begin.error, 'operator')}
          onText={setOperator}
        />
        <Button type="submit" kind="solid" className="h-9" disabled={!operator.trim() || begin.isPending || wait > 0}>
          {WORDS.begin}
        </Button>
      </form>
    </LoneFrame>
  );
}

function Prove({ challenge, onRestart }: { challenge: string; onRestart: () => void }) {
  const [signature, setSignature] = useState('');
  const [totp, setTotp] = useState('');
  const id = useId();
  const prove = useMutation({
    mutationFn: () =>
      expectData(client.POST('/api/operator/session', { body: { challenge, signature: signature.trim(), totp } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
  const wait = useWait(prove.error);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (signature.trim() && totp) prove.mutate();
  }
  return (
    <LoneFrame title={WORDS.sign} lead={WORDS.signLead}>
      <div className="mb-5">
        <CopyBlock code={WORDS.command(challenge)} />
      </div>
      <form onSubmit={submit} noValidate className="grid gap-5">
        <Problem error={prove.error} fields={['totp']} wait={wait} />
        <div>
          <label htmlFor={id} className="mb-1 block font-medium text-sm">
            {WORDS.signature}
          </label>
          <textarea
            id={id}
            rows={6}
            spellCheck={false}
            placeholder="-----BEGIN SSH SIGNATURE-----"
            className={`${INPUT} h-auto py-2 font-mono text-xs`}
            value={signature}
            onChange={(event) => setSignature(event.target.value)}
          />
        </div>
        <TextField
          label={WORDS.code}
          name="totp"
          autoComplete="one-time-code"
          inputMode="numeric"
          className="numerals tracking-[0.3em]"
          value={totp}
          problem={problemOf(prove.error, 'totp')}
          onText={(text) => setTotp(text.replace(/\D/g, '').slice(0, 6))}
        />
        <Button
          type="submit"
          kind="solid"
          className="h-9"
          disabled={!signature.trim() || totp.length < 6 || prove.isPending || wait > 0}
        >
          {WORDS.submit}
        </Button>
        <Button className="-ml-2.5 justify-self-start text-faint" onClick={onRestart}>
          {WORDS.restart}
        </Button>
      </form>
    </LoneFrame>
  );
}
