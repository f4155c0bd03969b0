/** Setting up the authenticator app: the secret as a picture and as text, and a code that shows that the app has it. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { client, expectData } from '../../lib/api.ts';
import { securityQuery, sessionQuery } from '../../lib/people-api.ts';
import { useAct } from '../../lib/use-act.ts';
import { AppSecret } from '../../ui/app-secret.tsx';
import { Button } from '../../ui/button.tsx';
import { OpenModal } from '../../ui/overlay-parts.tsx';
import { Problem, problemOf } from '../../ui/problem.tsx';
import { TextField } from '../../ui/text-field.tsx';
import type { OverlayProps } from '../../ui/use-lazy-overlay.tsx';
import { FirstCodes } from './first-codes.tsx';
import { TOTP as WORDS } from './messages.ts';

const DIGITS = 6;

export default function TotpDialog({ onClose }: OverlayProps) {
  // A question in form only: each time it is asked the server thinks of a new secret, so it is asked once per dialog.
  const secret = useQuery({
    queryKey: ['totp'],
    queryFn: () => expectData(client.POST('/api/me/totp')),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const [codes, setCodes] = useState<string[]>();
  if (codes) return <FirstCodes codes={codes} onClose={onClose} />;
  return (
    <OpenModal title={WORDS.setup} className="max-w-md" stays onClose={onClose}>
      <div className="grid gap-5 overflow-auto p-5">
        <Problem error={secret.error} />
        {secret.data && (
          <>
            <p className="text-soft text-sm">{WORDS.scan}</p>
            <AppSecret {...secret.data} />
            <CodeForm onDone={(made) => (made.length > 0 ? setCodes(made) : onClose())} />
          </>
        )}
      </div>
    </OpenModal>
  );
}

function CodeForm({ onDone }: { onDone: (codes: string[]) => void }) {
  const [code, setCode] = useState('');
  const start = useAct(() => expectData(client.PUT('/api/me/totp', { body: { code } })), {
    refresh: [securityQuery.queryKey, sessionQuery.queryKey],
    done: WORDS.started,
    onDone: (answer) => onDone(answer?.recovery_codes ?? []),
    quiet: true,
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (code.length === DIGITS) start.mutate();
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-5">
      <Problem error={start.error} fields={['code']} />
      <TextField
        label={WORDS.code}
        name="totp"
        autoComplete="one-time-code"
        inputMode="numeric"
        className="numerals tracking-[0.3em]"
        value={code}
        problem={problemOf(start.error, 'code')}
        onText={(text) => setCode(text.replace(/\D/g, '').slice(0, DIGITS))}
      />
      <div>
        <Button type="submit" kind="solid" disabled={code.length < DIGITS || start.isPending}>
          {WORDS.confirm}
        </Button>
      </div>
    </form>
  );
}
