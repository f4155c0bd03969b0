/** Asking an owner to be let in: for what, where, what exactly, how long. */
import { type FormEvent, useState } from 'react';
import { expectData } from '../lib/api.ts';
import { useAct } from '../lib/use-act.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { OpenModal } from '../ui/overlay-parts.tsx';
import { Problem, problemOf } from '../ui/problem.tsx';
import { SelectNative } from '../ui/select-native.tsx';
import { TextField } from '../ui/text-field.tsx';
import type { OverlayProps } from '../ui/use-lazy-overlay.tsx';
import { client, grantsQuery } from './api.ts';
import { FIELDS, GRANTS as WORDS } from './messages.ts';
import type { OrganizationSize } from './schema.ts';

const MINUTES = ['15', '30', '60', '120', '240'] as const;
const DAYS = ['7', '30', '90', '366'] as const;

export default function GrantDialog({ organization, onClose }: { organization: OrganizationSize } & OverlayProps) {
  const [form, setForm] = useState({ site: '', purpose: '', ticket: '' });
  const [fields, setFields] = useState<string[]>(['page']);
  const [minutes, setMinutes] = useState<(typeof MINUTES)[number]>('30');
  const [days, setDays] = useState<(typeof DAYS)[number]>('30');
  const ask = useAct(
    () =>
      expectData(
        client.POST('/api/operator/support-grants', {
          body: { organization: organization.id, ...form, fields, minutes: Number(minutes), days: Number(days) },
        }),
      ),
    { refresh: [grantsQuery.queryKey], done: WORDS.asked, onDone: onClose, quiet: true },
  );
  const whole = Object.values(form).every((text) => text.trim()) && fields.length > 0;
  const field = (name: keyof typeof form) => ({
    value: form[name],
    autoComplete: 'off',
    problem: problemOf(ask.error, name),
    onText: (text: string) => setForm((known) => ({ ...known, [name]: text })),
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (whole) ask.mutate();
  }
  return (
    <OpenModal title={WORDS.ask(organization.name)} stays onClose={onClose}>
      <form onSubmit={submit} noValidate className="grid gap-5 overflow-auto p-5">
        <Problem error={ask.error} fields={['site', 'purpose', 'ticket']} />
        <TextField label={WORDS.purpose} help={WORDS.purposeHelp} {...field('purpose')} />
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField label={WORDS.site} placeholder="example.com" {...field('site')} />
          <TextField label={WORDS.ticket} {...field('ticket')} />
        </div>
        <Choices label={WORDS.fields} several choices={FIELDS} chosen={fields as never[]} onChange={setFields} />
        <div className="grid gap-5 sm:grid-cols-2">
          <SelectNative
            label={WORDS.minutes}
            value={minutes}
            options={MINUTES.map((value) => ({ value, label: value }))}
            onChange={setMinutes}
          />
          <SelectNative
            label={WORDS.days}
            value={days}
            options={DAYS.map((value) => ({ value, label: WORDS.daysOf(Number(value)) }))}
            onChange={setDays}
          />
        </div>
        <div>
          <Button type="submit" kind="solid" disabled={!whole || ask.isPending}>
            {WORDS.submit}
          </Button>
        </div>
      </form>
    </OpenModal>
  );
}
