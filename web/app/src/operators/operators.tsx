/** Those who run the server: their keys, from where they may come, and enrolling another. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { expectData } from '../lib/api.ts';
import { formatSince } from '../lib/format.ts';
import { say } from '../lib/say.ts';
import { useAct } from '../lib/use-act.ts';
import { Button } from '../ui/button.tsx';
import { Line, Lines, Mark } from '../ui/lines.tsx';
import { Problem, problemOf } from '../ui/problem.tsx';
import { Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import { approvalsQuery, client, operatorsQuery, sessionQuery } from './api.ts';
import { OPERATORS as WORDS } from './messages.ts';

export function Operators() {
  const operators = useQuery(operatorsQuery);
  return (
    <Section title={WORDS.title}>
      <Lines label={WORDS.title} query={operators} none={WORDS.none}>
        {(operator) => (
          <Line
            key={operator.name}
            name={operator.name}
            below={operator.key}
            facts={
              <>
                <span className="block">{operator.networks.join(', ')}</span>
                <Mark tone={operator.second_factor ? 'good' : 'warn'}>
                  {operator.second_factor ? WORDS.second : WORDS.noSecond}
                </Mark>{' '}
                <Mark>{operator.last_seen ? WORDS.seen(formatSince(operator.last_seen, Date.now())) : WORDS.never}</Mark>
              </>
            }
          />
        )}
      </Lines>
      <Enrol />
    </Section>
  );
}

const EMPTY = { name: '', key: '', networks: '' };

function Enrol() {
  const [form, setForm] = useState(EMPTY);
  const enrol = useAct(
    () =>
      expectData(
        client.POST('/api/operator/operators', {
          body: { name: form.name.trim(), key: form.key.trim(), networks: form.networks.split(/[\s,]+/).filter(Boolean) },
        }),
      ),
    {
      // Who was alone is no more, which the sign-in says.
      refresh: [operatorsQuery.queryKey, approvalsQuery.queryKey, sessionQuery.queryKey],
      onDone: (answer) => {
        say('approval' in answer ? WORDS.waits : WORDS.enrolled);
        setForm(EMPTY);
      },
      quiet: true,
    },
  );
  const whole = Object.values(form).every((text) => text.trim());
  const field = (name: keyof typeof form) => ({
    value: form[name],
    autoComplete: 'off',
    problem: problemOf(enrol.error, name),
    onText: (text: string) => setForm((known) => ({ ...known, [name]: text })),
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (whole) enrol.mutate();
  }
  return (
    <form onSubmit={submit} noValidate aria-label={WORDS.enrol} className="mt-6 grid gap-4">
      <h3 className="font-semibold">{WORDS.enrol}</h3>
      <Problem error={enrol.error} fields={['name', 'key', 'networks']} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={WORDS.name} {...field('name')} />
        <TextField label={WORDS.networks} help={WORDS.networksHelp} {...field('networks')} />
      </div>
      <TextField label={WORDS.key} help={WORDS.keyHelp} placeholder="ssh-ed25519 AAAA…" className="font-mono" {...field('key')} />
      <div>
        <Button type="submit" kind="line" disabled={!whole || enrol.isPending}>
          {WORDS.submit}
        </Button>
      </div>
    </form>
  );
}
