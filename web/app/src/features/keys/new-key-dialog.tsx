/** Making a key: for what, for which site, until when; and the key itself, shown this one time. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { client, expectData, sitesQuery } from '../../lib/api.ts';
import { may, type Right } from '../../lib/may.ts';
import { keysQuery } from '../../lib/people-api.ts';
import type { KeyMade, Membership, Scope } from '../../lib/people-schema.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { OpenModal } from '../../ui/overlay-parts.tsx';
import { Problem } from '../../ui/problem.tsx';
import { SelectNative } from '../../ui/select-native.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFocus } from '../../ui/use-focus.ts';
import type { OverlayProps } from '../../ui/use-lazy-overlay.tsx';
import { SCOPES, NEW as WORDS } from './messages.ts';

/** What its maker needs to be able to do, for a key of this scope to do anything. */
const NEEDS: Record<Scope, Right> = {
  read: 'see:events',
  write: 'add:events',
  manage: 'change:site',
  export: 'export:events',
  audit: 'see:audit_log',
};

export default function NewKeyDialog({ membership, onClose }: { membership: Membership } & OverlayProps) {
  const [made, setMade] = useState<KeyMade>();
  return (
    <OpenModal title={made ? WORDS.made : WORDS.title} stays onClose={onClose}>
      {made ? (
        <div className="grid gap-4 overflow-auto p-5">
          <p role="status" className="text-soft text-sm">
            {WORDS.madeLead} <code className="font-mono text-ink">Authorization: Bearer …</code>
          </p>
          <CopyBlock code={made.key} />
          <div>
            <Button kind="solid" onClick={onClose}>
              {WORDS.done}
            </Button>
          </div>
        </div>
      ) : (
        <NewKeyForm membership={membership} onMade={setMade} />
      )}
    </OpenModal>
  );
}

function NewKeyForm({ membership, onMade }: { membership: Membership; onMade: (made: KeyMade) => void }) {
  const organization = membership.organization.id;
  const { data: known = [] } = useQuery(sitesQuery);
  const sites = known.filter((each) => each.organization === organization);
  const [name, setName] = useState('');
  const [site, setSite] = useState('');
  const [scopes, setScopes] = useState<Scope[]>(['read']);
  const [days, setDays] = useState<keyof typeof WORDS.expiries>('90');
  const focus = useFocus<HTMLInputElement>();
  const make = useAct(
    () =>
      expectData(
        client.POST('/api/keys', {
          body: {
            organization,
            scopes,
            ...(site && { site }),
            ...(name.trim() && { name: name.trim() }),
            ...(days !== '0' && { expires_in_days: Number(days) }),
          },
        }),
      ),
    { refresh: [keysQuery(organization).queryKey], onDone: onMade, quiet: true },
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    if (scopes.length > 0) make.mutate();
  }
  const toOptions = (record: Record<string, string>) => Object.entries(record).map(([value, label]) => ({ value, label }));
  return (
    <form onSubmit={submit} noValidate className="grid gap-5 overflow-auto p-5">
      <Problem error={make.error} />
      <TextField ref={focus} label={WORDS.name} help={WORDS.nameHelp} autoComplete="off" value={name} onText={setName} />
      <Choices
        label={WORDS.scopes}
        several
        choices={SCOPES.map((scope) => ({ ...scope, closed: may(membership, NEEDS[scope.value]) ? undefined : WORDS.notYours }))}
        chosen={scopes}
        onChange={setScopes}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <SelectNative
          label={WORDS.site}
          value={site}
          options={[{ value: '', label: WORDS.allSites }, ...sites.map(({ domain }) => ({ value: domain, label: domain }))]}
          onChange={setSite}
        />
        <SelectNative
          label={WORDS.expiry}
          value={days}
          options={toOptions(WORDS.expiries) as { value: typeof days; label: string }[]}
          onChange={setDays}
        />
      </div>
      <div>
        <Button type="submit" kind="solid" disabled={scopes.length === 0 || make.isPending}>
          {make.isPending ? WORDS.submitting : WORDS.submit}
        </Button>
      </div>
    </form>
  );
}
