/** A new passkey: its name, then the browser's own question. */
import { type FormEvent, useState } from 'react';
import { client, expectData } from '../../lib/api.ts';
import { createPasskey, describePasskeyTrouble } from '../../lib/passkey.ts';
import { securityQuery, sessionQuery } from '../../lib/people-api.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { OpenModal } from '../../ui/overlay-parts.tsx';
import { Problem } from '../../ui/problem.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFocus } from '../../ui/use-focus.ts';
import type { OverlayProps } from '../../ui/use-lazy-overlay.tsx';
import { FirstCodes } from './first-codes.tsx';
import { PASSKEYS as WORDS } from './messages.ts';

export default function PasskeyDialog({ onClose }: OverlayProps) {
  const [codes, setCodes] = useState<string[]>();
  if (codes) return <FirstCodes codes={codes} onClose={onClose} />;
  return (
    <OpenModal title={WORDS.add} className="max-w-md" stays onClose={onClose}>
      <PasskeyForm onDone={(made) => (made.length > 0 ? setCodes(made) : onClose())} />
    </OpenModal>
  );
}

function PasskeyForm({ onDone }: { onDone: (codes: string[]) => void }) {
  const [name, setName] = useState('');
  const focus = useFocus<HTMLInputElement>();
  const add = useAct(
    async () => {
      const proof = await createPasskey(await expectData(client.POST('/api/me/passkeys/options')));
      return expectData(client.POST('/api/me/passkeys', { body: { ...proof, name: name.trim() } }));
    },
    {
      refresh: [securityQuery.queryKey, sessionQuery.queryKey],
      done: WORDS.added,
      onDone: (answer) => onDone(answer?.recovery_codes ?? []),
      quiet: true,
    },
  );
  const said = add.error && describePasskeyTrouble(add.error);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (name.trim()) add.mutate();
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-5 overflow-auto p-5">
      {said && <Problem error={new Error(said)} />}
      <TextField
        ref={focus}
        label={WORDS.name}
        help={WORDS.nameHelp}
        autoComplete="off"
        autoCapitalize="words"
        value={name}
        onText={setName}
      />
      <div>
        <Button type="submit" kind="solid" disabled={!name.trim() || add.isPending}>
          {add.isPending ? WORDS.submitting : WORDS.submit}
        </Button>
      </div>
    </form>
  );
}
