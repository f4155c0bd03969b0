/** The organizations on this server by size; adding one, its subscription, removing one, and asking an owner to be let in. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { expectData } from '../lib/api.ts';
import { formatBytes } from '../lib/bytes.ts';
import { formatDate } from '../lib/format.ts';
import { say } from '../lib/say.ts';
import { useAct } from '../lib/use-act.ts';
import { Button } from '../ui/button.tsx';
import { CopyBlock } from '../ui/copy-block.tsx';
import { Line, Lines } from '../ui/lines.tsx';
import { Problem, problemOf } from '../ui/problem.tsx';
import { Section } from '../ui/section.tsx';
import { SureButton } from '../ui/sure-button.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useLazyOverlay } from '../ui/use-lazy-overlay.tsx';
import { approvalsQuery, client, organizationsQuery } from './api.ts';
import { ORGANIZATIONS as WORDS } from './messages.ts';
import type { OrganizationSize } from './schema.ts';
import { Subscription } from './subscription.tsx';

const loadGrant = () => import('./grant-dialog.tsx');

export function Organizations() {
  const organizations = useQuery(organizationsQuery);
  return (
    <Section title={WORDS.title}>
      <Lines label={WORDS.title} query={organizations} none={WORDS.none}>
        {(organization) => <OrganizationLine key={organization.id} organization={organization} />}
      </Lines>
      <AddOrganization />
    </Section>
  );
}

function OrganizationLine({ organization }: { organization: OrganizationSize }) {
  const { id, name, sites, people, bytes, created_at } = organization;
  const dialog = useLazyOverlay<{ organization: OrganizationSize }>(loadGrant);
  const remove = useAct(() => expectData(client.DELETE('/api/operator/organizations/{id}', { params: { path: { id } } })), {
    refresh: [organizationsQuery.queryKey, approvalsQuery.queryKey],
    onDone: (answer) => say(answer?.approval ? WORDS.waits : WORDS.removed),
    quiet: true,
  });
  return (
    <>
      <Line
        name={name}
        below={
          <>
            <Subscription organization={organization} />
            <Button {...dialog.trigger} aria-haspopup="dialog" aria-label={WORDS.askOf(name)} className="-ml-2.5">
              {WORDS.ask}
            </Button>
          </>
        }
        facts={
          <>
            <span className="numerals block text-ink">{formatBytes(bytes)}</span>
            <span className="block text-xs">{WORDS.counts(sites, people)}</span>
            <span className="block text-faint text-xs">{formatDate(created_at)}</span>
          </>
        }
        actions={
          <SureButton
            label={WORDS.removeOf(name)}
            title={WORDS.removeTitle(name)}
            text={WORDS.removeText}
            action={WORDS.remove}
            onSure={() => remove.mutateAsync()}
          >
            {WORDS.remove}
          </SureButton>
        }
      />
      {dialog.render({ organization })}
    </>
  );
}

function AddOrganization() {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const add = useAct(
    () => expectData(client.POST('/api/operator/organizations', { body: { name: name.trim(), owner_email: email.trim() } })),
    {
      refresh: [organizationsQuery.queryKey],
      done: WORDS.added,
      onDone: () => {
        setName('');
        setEmail('');
      },
      quiet: true,
    },
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    if (name.trim() && email.trim()) add.mutate();
  }
  return (
    <form onSubmit={submit} noValidate aria-label={WORDS.add} className="mt-6 grid gap-4">
      <h3 className="font-semibold">{WORDS.add}</h3>
      <Problem error={add.error} fields={['name', 'owner_email']} />
      {add.data?.url && (
        <div>
          <p className="mb-2 text-soft text-sm">{WORDS.addedLink}</p>
          <CopyBlock code={add.data.url} />
        </div>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={WORDS.name}
          autoComplete="off"
          autoCapitalize="words"
          value={name}
          problem={problemOf(add.error, 'name')}
          onText={setName}
        />
        <TextField
          label={WORDS.owner}
          help={WORDS.ownerHelp}
          type="email"
          autoComplete="off"
          value={email}
          problem={problemOf(add.error, 'owner_email')}
          onText={setEmail}
        />
      </div>
      <div>
        <Button type="submit" kind="line" disabled={!name.trim() || !email.trim() || add.isPending}>
          {WORDS.submit}
        </Button>
      </div>
    </form>
  );
}
