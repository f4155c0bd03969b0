/** An organization's name, what it requires of its people, and its agreement with whoever runs the server. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { client, expectData } from '../../lib/api.ts';
import { may } from '../../lib/may.ts';
import { peopleQuery, sessionQuery } from '../../lib/people-api.ts';
import type { Membership, SignedIn } from '../../lib/people-schema.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { problemOf } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { SwitchLine } from '../../ui/switch-line.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { AgreementPart } from './agreement.tsx';
import { WORDS } from './messages.ts';

interface OrganizationPageProps {
  session: SignedIn;
  membership: Membership;
}

export default function OrganizationPage({ session, membership }: OrganizationPageProps) {
  const { id, name: known, require_second_factor: required = false } = membership.organization;
  const [name, setName] = useState(known);
  const queries = useQueryClient();
  const allowed = may(membership, 'change:organization');
  const change = (body: { name?: string; require_second_factor?: boolean }) =>
    expectData(client.PATCH('/api/organizations/{id}', { params: { path: { id } }, body }));
  const refresh = [sessionQuery.queryKey];
  const rename = useAct(() => change({ name: name.trim() }), { refresh, done: WORDS.saved });
  const require = useAct((on: boolean) => change({ require_second_factor: on }), {
    refresh,
    done: required ? WORDS.optional : WORDS.required,
    onDone: () => void queries.invalidateQueries({ queryKey: peopleQuery(id).queryKey }),
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (name.trim() && name.trim() !== known) rename.mutate();
  }
  return (
    <>
      <Section title={WORDS.name} lead={allowed ? undefined : WORDS.onlyOwner}>
        <form onSubmit={submit} noValidate className="flex max-w-md flex-wrap items-start gap-3">
          <div className="min-w-0 flex-1 basis-52">
            <TextField
              label={WORDS.name}
              help={WORDS.nameHelp}
              value={name}
              disabled={!allowed}
              autoComplete="off"
              autoCapitalize="words"
              problem={problemOf(rename.error, 'name')}
              onText={setName}
            />
          </div>
          {allowed && (
            <Button
              type="submit"
              kind="line"
              className="mt-6 h-9"
              disabled={!name.trim() || name.trim() === known || rename.isPending}
            >
              {WORDS.save}
            </Button>
          )}
        </form>
      </Section>
      <Section title={WORDS.security} lead={allowed ? undefined : WORDS.onlyOwner}>
        <div className="max-w-xl">
          <SwitchLine
            label={WORDS.require}
            help={WORDS.requireHelp}
            on={required}
            disabled={!allowed || require.isPending}
            onChange={require.mutate}
          />
          {allowed && !required && <LockedOut organization={id} self={session.person.id} />}
        </div>
      </Section>
      <AgreementPart membership={membership} />
    </>
  );
}

/** Who would see nothing any more, before it is decided. */
function LockedOut({ organization, self }: { organization: number; self: string }) {
  const { data: people } = useQuery(peopleQuery(organization));
  if (!people) return null;
  const without = people.filter((person) => !person.second_factor && !person.disabled);
  if (without.length === 0) return <p className="mt-4 text-good text-sm">{WORDS.allSet}</p>;
  return (
    <div className="mt-4 rounded-md bg-warn-wash px-4 py-3 text-sm">
      <p className="font-medium">{WORDS.out(without.length)}</p>
      <p className="text-soft">{WORDS.outLead}</p>
      <ul className="mt-1 list-disc pl-5">
        {without.map((person) => (
          <li key={person.id} className="wrap-anywhere">
            {person.name || person.email}
          </li>
        ))}
      </ul>
      {without.some((person) => person.id === self) && <p className="mt-2 font-medium">{WORDS.outSelf}</p>}
    </div>
  );
}
