/** An operator's sign-in: a challenge to sign with their SSH key, then a code; the first time, the app that makes codes. */
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError, expectData } from '../lib/api.ts';
import type { AppSecretProps } from '../ui/app-secret.tsx';
import { Button } from '../ui/button.tsx';
import { LoneFrame } from '../ui/lone-frame.tsx';
import { Problem, problemOf, useWait } from '../ui/problem.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useFocus } from '../ui/use-focus.ts';
import { client, queries, sessionQuery } from './api.ts';
import { SIGN_IN as WORDS } from './messages.ts';
import type { OperatorSignIn } from './schema.ts';
import { CodeStep, SignatureStep } from './sign-in-steps.tsx';

interface Shown {
  challenge: string;
  signature: string;
  totp?: string;
}

async function show(body: Shown): Promise<OperatorSignIn> {
  try {
    return await expectData(client.POST('/api/operator/session', { body }));
  } catch (error) {
    // The signature is right, and the code is what is still wanted.
    if (!body.totp && error instanceof ApiError && error.field === 'totp') return { signed_in: false };
    throw error;
  }
}

/** A challenge is answered once, rightly or not; what did not get through was no answer. */
const isAnswer = (error: Error) => !(error instanceof ApiError && error.status === 0);

export function SignIn() {
  const [operator, setOperator] = useState('');
  const [challenge, setChallenge] = useState<string>();
  const [signature, setSignature] = useState<string>();
  // Outlives a wrong code: the secret that was shown is good for another signature as well.
  const [secret, setSecret] = useState<AppSecretProps>();
  const begin = useMutation({
    mutationFn: () => expectData(client.POST('/api/operator/session/challenge', { body: { operator: operator.trim() } })),
    onSuccess: (asked) => setChallenge(asked.challenge),
    onError: () => setChallenge(undefined),
  });
  const prove = useMutation({
    mutationFn: show,
    onSuccess: (state, shown) => {
      if (state.signed_in) return queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
      setSecret(state.enrol);
      setSignature(shown.signature);
    },
    onError: (error) => {
      if (!isAnswer(error)) return;
      setSignature(undefined);
      begin.mutate();
    },
  });
  const wait = useWait(prove.error);
  if (!challenge) return <NameStep name={operator} error={begin.error} onName={setOperator} onDone={() => begin.mutate()} />;
  const step = {
    error: prove.error,
    wait,
    busy: prove.isPending || begin.isPending,
    onRestart: () => {
      setChallenge(undefined);
      setSignature(undefined);
      setSecret(undefined);
      prove.reset();
    },
  };
  function sign(text: string) {
    if (!secret) return prove.mutate({ challenge: challenge!, signature: text });
    // Goes along with the code: alone it would show another secret.
    prove.reset();
    setSignature(text);
  }
  if (signature === undefined) {
    return (
      <SignatureStep
        key={challenge}
        {...step}
        operator={operator.trim()}
        challenge={challenge}
        isAnother={prove.isError && isAnswer(prove.error)}
        onDone={sign}
      />
    );
  }
  return <CodeStep {...step} secret={secret} onDone={(totp) => prove.mutate({ challenge, signature, totp })} />;
}

interface NameStepProps {
  name: string;
  error: Error | null;
  onName: (name: string) => void;
  onDone: () => void;
}

function NameStep({ name, error, onName, onDone }: NameStepProps) {
  const focus = useFocus<HTMLInputElement>();
  const wait = useWait(error);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (name.trim()) onDone();
  }
  return (
    <LoneFrame title={WORDS.title} lead={WORDS.lead}>
      <form onSubmit={submit} noValidate className="grid gap-5">
        <Problem error={error} fields={['operator']} wait={wait} />
        <TextField
          ref={focus}
          label={WORDS.name}
          help={WORDS.nameHelp}
          name="operator"
          autoComplete="username"
          value={name}
          problem={problemOf(error, 'operator')}
          onText={onName}
        />
        <Button type="submit" kind="solid" className="h-9" disabled={!name.trim() || wait > 0}>
          {WORDS.next}
        </Button>
      </form>
    </LoneFrame>
  );
}
