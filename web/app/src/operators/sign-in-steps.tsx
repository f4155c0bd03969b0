/** The two halves of an operator's sign-in, a screen each. */
import { type FormEvent, useId, useState } from 'react';
import { AppSecret, type AppSecretProps } from '../ui/app-secret.tsx';
import { Button } from '../ui/button.tsx';
import { CopyBlock } from '../ui/copy-block.tsx';
import { LoneFrame } from '../ui/lone-frame.tsx';
import { Problem } from '../ui/problem.tsx';
import { INPUT, TextField } from '../ui/text-field.tsx';
import { useFocus } from '../ui/use-focus.ts';
import { SIGN_IN as WORDS } from './messages.ts';

interface StepProps {
  error: Error | null;
  wait: number;
  busy: boolean;
  onDone: (text: string) => void;
  onRestart: () => void;
}

interface SignatureStepProps extends StepProps {
  operator: string;
  challenge: string;
  /** Whether the challenge before this one was answered, and in vain. */
  isAnother: boolean;
}

export function SignatureStep({ operator, challenge, isAnother, error, wait, busy, onDone, onRestart }: SignatureStepProps) {
  const [signature, setSignature] = useState('');
  const id = useId();
  function submit(event: FormEvent) {
    event.preventDefault();
    if (signature.trim()) onDone(signature.trim());
  }
  return (
    <LoneFrame title={WORDS.sign} lead={WORDS.signLead(operator)}>
      {error && (
        <div className="mb-5 grid gap-2">
          <Problem error={error} wait={wait} />
          {isAnother && <p className="text-soft text-sm">{WORDS.again}</p>}
        </div>
      )}
      <div className="mb-5">
        <CopyBlock code={WORDS.command(challenge)} />
      </div>
      <form onSubmit={submit} noValidate className="grid gap-5">
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
        <Button type="submit" kind="solid" className="h-9" disabled={!signature.trim() || busy || wait > 0}>
          {WORDS.next}
        </Button>
        <Restart onRestart={onRestart} />
      </form>
    </LoneFrame>
  );
}

const DIGITS = 6;

export function CodeStep({ secret, error, wait, busy, onDone, onRestart }: StepProps & { secret?: AppSecretProps }) {
  const [code, setCode] = useState('');
  const focus = useFocus<HTMLInputElement>();
  function submit(event: FormEvent) {
    event.preventDefault();
    if (code.length === DIGITS) onDone(code);
  }
  return (
    <LoneFrame title={secret ? WORDS.enrol : WORDS.prove} lead={secret ? WORDS.enrolLead : WORDS.proveLead}>
      {secret && (
        <div className="mb-6">
          <AppSecret {...secret} />
        </div>
      )}
      <form onSubmit={submit} noValidate className="grid gap-5">
        <Problem error={error} wait={wait} />
        <TextField
          // Where a secret is shown, that is read first.
          ref={secret ? undefined : focus}
          label={secret ? WORDS.firstCode : WORDS.code}
          name="totp"
          autoComplete="one-time-code"
          inputMode="numeric"
          className="numerals tracking-[0.3em]"
          value={code}
          onText={(text) => setCode(text.replace(/\D/g, '').slice(0, DIGITS))}
        />
        <Button type="submit" kind="solid" className="h-9" disabled={code.length < DIGITS || busy || wait > 0}>
          {WORDS.submit}
        </Button>
        <Restart onRestart={onRestart} />
      </form>
    </LoneFrame>
  );
}

function Restart({ onRestart }: { onRestart: () => void }) {
  return (
    <Button className="-ml-2.5 justify-self-start text-faint" onClick={onRestart}>
      {WORDS.restart}
    </Button>
  );
}
