/** Which attributes a site keeps of its visitors. One that is declared no longer is removed of everybody, so that is asked for twice. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Site, SiteChange } from '../../lib/api.ts';
import { formatSince } from '../../lib/format.ts';
import { leftOutQuery } from '../../lib/privacy-api.ts';
import { useAct } from '../../lib/use-act.ts';
import { useSiteChange } from '../../lib/use-site-change.ts';
import { Button } from '../../ui/button.tsx';
import { Line, Lines, Mark } from '../../ui/lines.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { SelectNative } from '../../ui/select-native.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { DECLARED as WORDS } from './consent-messages.ts';

type One = Site['settings']['identified']['attributes'][number];
type Change = (change: SiteChange) => Promise<unknown>;

const KINDS = ['text', 'number', 'boolean', 'date', 'address'] as const;

export function Declared({ site, closed }: { site: Site; closed: boolean }) {
  const { changeNow } = useSiteChange(site, { once: 'confirmed' });
  const declared = site.settings.identified.attributes;
  const keep = (attributes: One[]) => changeNow({ identified: { attributes } });
  return (
    <Section title={WORDS.title} lead={WORDS.lead}>
      {declared.length === 0 && <p className="py-2 text-faint text-sm">{WORDS.none}</p>}
      {declared.length > 0 && (
        <ul aria-label={WORDS.title} className="border-line border-t">
          {declared.map(({ name, kind }) => (
            <Line
              key={name}
              name={name}
              facts={WORDS.kinds[kind]}
              actions={
                !closed && (
                  <SureButton
                    label={WORDS.removeOf(name)}
                    title={WORDS.removeTitle(name)}
                    text={WORDS.removeText}
                    action={WORDS.remove}
                    onSure={() => keep(declared.filter((each) => each.name !== name))}
                  >
                    {WORDS.remove}
                  </SureButton>
                )
              }
            />
          ))}
        </ul>
      )}
      {!closed && <Declare onDeclare={(one) => keep([...declared, one])} />}
      <LeftOut
        domain={site.domain}
        declared={declared}
        onDeclare={closed ? undefined : (name) => keep([...declared, { name, kind: 'text' }])}
      />
    </Section>
  );
}

function Declare({ onDeclare }: { onDeclare: (one: One) => Promise<unknown> }) {
  const [name, setName] = useState('');
  const [kind, setKind] = useState<One['kind']>('text');
  const declare = useAct(() => onDeclare({ name: name.trim(), kind }), { onDone: () => setName(''), quiet: true });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (name.trim()) declare.mutate();
  }
  return (
    <form aria-label={WORDS.declare} onSubmit={submit} noValidate className="mt-4 grid gap-3">
      <Problem error={declare.error} />
      <div className="grid items-start gap-x-4 gap-y-3 sm:grid-cols-[minmax(0,1fr)_12rem_auto]">
        <TextField label={WORDS.name} help={WORDS.nameHelp} name="attribute" autoComplete="off" value={name} onText={setName} />
        <SelectNative
          label={WORDS.kind}
          value={kind}
          options={KINDS.map((value) => ({ value, label: WORDS.kinds[value] }))}
          onChange={setKind}
        />
        <Button type="submit" kind="line" className="h-9 justify-self-start sm:mt-6" disabled={!name.trim() || declare.isPending}>
          {WORDS.declare}
        </Button>
      </div>
    </form>
  );
}

interface LeftOutProps {
  domain: string;
  declared: readonly One[];
  onDeclare?: (name: string) => ReturnType<Change>;
}

function LeftOut({ domain, declared, onDeclare }: LeftOutProps) {
  const leftOut = useQuery(leftOutQuery(domain));
  const declare = useAct((name: string) => onDeclare?.(name) ?? Promise.resolve());
  return (
    <div className="mt-6">
      <h3 className="font-medium text-sm">{WORDS.leftOut}</h3>
      <p className="mb-2 max-w-prose text-soft text-sm">{WORDS.leftOutLead}</p>
      <Lines label={WORDS.leftOut} query={leftOut} none={WORDS.nothingLeftOut}>
        {({ name, count, last_at }) => {
          const isDeclared = declared.some((each) => each.name === name);
          return (
            <Line
              key={name}
              name={name}
              marks={isDeclared && <Mark>{WORDS.isDeclared}</Mark>}
              facts={WORDS.cameOften(count, formatSince(last_at, Date.now()))}
              actions={
                onDeclare &&
                !isDeclared && (
                  <Button aria-label={WORDS.declareOf(name)} disabled={declare.isPending} onClick={() => declare.mutate(name)}>
                    {WORDS.declare}
                  </Button>
                )
              }
            />
          );
        }}
      </Lines>
    </div>
  );
}
