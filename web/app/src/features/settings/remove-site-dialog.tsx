/** Erasing a site is confirmed by typing its name, since nothing brings it back. */
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { client, expectData, sitesQuery } from '../../lib/api.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { OpenModal } from '../../ui/overlay-parts.tsx';
import { Problem } from '../../ui/problem.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFocus } from '../../ui/use-focus.ts';
import type { OverlayProps } from '../../ui/use-lazy-overlay.tsx';
import { REMOVE as WORDS } from './messages.ts';

export default function RemoveSiteDialog({ domain, onClose }: { domain: string } & OverlayProps) {
  return (
    <OpenModal title={WORDS.ask(domain)} className="max-w-md" stays onClose={onClose}>
      <RemoveForm domain={domain} />
    </OpenModal>
  );
}

function RemoveForm({ domain }: { domain: string }) {
  const [typed, setTyped] = useState('');
  const focus = useFocus<HTMLInputElement>();
  const navigate = useNavigate();
  const remove = useAct(
    () => expectData(client.DELETE('/api/sites/{domain}', { params: { path: { domain } }, body: { confirm: typed } })),
    {
      refresh: [sitesQuery.queryKey],
      done: WORDS.removed(domain),
      onDone: () => void navigate({ to: '/', search: { add: true } }),
      quiet: true,
    },
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    if (typed === domain) remove.mutate();
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-5 overflow-auto p-5">
      <p className="text-soft text-sm">{WORDS.lead}</p>
      <Problem error={remove.error} />
      <TextField
        ref={focus}
        label={WORDS.type}
        placeholder={domain}
        autoComplete="off"
        value={typed}
        onText={(text) => setTyped(text.trim())}
      />
      <div>
        <Button type="submit" kind="solid" disabled={typed !== domain || remove.isPending}>
          {WORDS.submit}
        </Button>
      </div>
    </form>
  );
}
