/** One's own name and address. */
import { type FormEvent, useState } from 'react';
import { client, expectData } from '../../lib/api.ts';
import { sessionQuery } from '../../lib/people-api.ts';
import type { PersonName } from '../../lib/people-schema.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { Problem, problemOf } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { YOU as WORDS } from './messages.ts';

export function You({ person }: { person: PersonName }) {
  const known = { name: person.name ?? '', email: person.email };
  const [name, setName] = useState(known.name);
  const [email, setEmail] = useState(known.email);
  const changed = {
    ...(name.trim() !== known.name && { name: name.trim() }),
    ...(email.trim() !== known.email && { email: email.trim() }),
  };
  const save = useAct(() => expectData(client.PATCH('/api/me', { body: changed })), {
    refresh: [sessionQuery.queryKey],
    done: WORDS.saved,
    quiet: true,
  });
  const same = Object.keys(changed).length === 0;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!same && email.trim()) save.mutate();
  }
  return (
    <Section title={WORDS.title}>
      <form onSubmit={submit} noValidate className="grid max-w-xl gap-4 sm:grid-cols-2">
        <TextField
          label={WORDS.name}
          help={WORDS.nameHelp}
          name="name"
          autoComplete="name"
          autoCapitalize="words"
          value={name}
          problem={problemOf(save.error, 'name')}
          onText={setName}
        />
        <TextField
          label={WORDS.email}
          help={WORDS.emailHelp}
          type="email"
          name="email"
          autoComplete="email"
          value={email}
          problem={problemOf(save.error, 'email')}
          onText={setEmail}
        />
        <div className="grid gap-3 sm:col-span-2">
          <Problem error={save.error} fields={['name', 'email']} />
          <div>
            <Button type="submit" kind="line" disabled={same || !email.trim() || save.isPending}>
              {WORDS.save}
            </Button>
          </div>
        </div>
      </form>
    </Section>
  );
}
