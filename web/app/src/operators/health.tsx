/** Whether the server's processes serve, and whether there is room. */
import { useQuery } from '@tanstack/react-query';
import { Mark } from '../ui/lines.tsx';
import { Problem } from '../ui/problem.tsx';
import { Section } from '../ui/section.tsx';
import { healthQuery } from './api.ts';
import { HEALTH as WORDS } from './messages.ts';
import type { Duty } from './schema.ts';

export function HealthPart() {
  const { data, error } = useQuery(healthQuery);
  return (
    <Section title={WORDS.title}>
      <Problem error={error} />
      {data && (
        <dl className="flex flex-wrap gap-x-8 gap-y-2 text-sm">
          {Object.entries(data.processes).map(([name, state]) => (
            <Fact key={name} term={name} good={state === 'serving'} words={state} />
          ))}
          <Fact term={WORDS.storage} good={data.storage === 'ok'} words={data.storage === 'ok' ? WORDS.room : WORDS.full} />
          {data.duties?.map((duty) => (
            <Fact key={duty.name} term={duty.name.replaceAll('_', ' ')} good={!duty.late} words={said(duty)} />
          ))}
          {data.version && <Fact term={WORDS.version} good words={data.version} plain />}
        </dl>
      )}
    </Section>
  );
}

const said = ({ late, last_ok, error }: Duty) =>
  late ? `${WORDS.late} ${error ?? ''}`.trim() : last_ok ? `${WORDS.done} ${last_ok.slice(0, 16).replace('T', ' ')}` : WORDS.due;

interface FactProps {
  term: string;
  words: string;
  good: boolean;
  plain?: boolean;
}

function Fact({ term, words, good, plain }: FactProps) {
  return (
    <div>
      <dt className="text-faint text-xs">{term}</dt>
      <dd>{plain ? words : <Mark tone={good ? 'good' : 'bad'}>{words}</Mark>}</dd>
    </div>
  );
}
