/** Finding a visitor, what erasing them would take out, erasing them, and the receipts of those who were. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatDate, formatDay } from '../../lib/format.ts';
import { type Erasure, eraseVisitor, erasuresQuery, type FoundOfVisitor, findVisitors } from '../../lib/privacy-api.ts';
import { saveFile } from '../../lib/save.ts';
import { say } from '../../lib/say.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { Line, Lines, Mark } from '../../ui/lines.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { ERASING as WORDS } from './messages.ts';

export function Erasing({ domain }: { domain: string }) {
  const [who, setWho] = useState('');
  const find = useMutation({ mutationFn: () => findVisitors(domain, who.trim()) });
  const erase = useAct((visitor: string) => eraseVisitor(domain, visitor), {
    refresh: [erasuresQuery(domain).queryKey],
    onDone: () => {
      find.reset();
      setWho('');
      say(WORDS.done);
    },
    quiet: true,
  });
  const found = find.data?.filter(({ found }) => found.events + found.set_aside + found.recordings > 0);
  return (
    <Section title={WORDS.title} lead={WORDS.lead}>
      <form
        className="grid max-w-md gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (who.trim()) find.mutate();
        }}
      >
        <Problem error={find.error} />
        <TextField label={WORDS.who} help={WORDS.whoHelp} name="visitor" autoComplete="off" value={who} onText={setWho} />
        <div>
          <Button type="submit" kind="line" disabled={!who.trim() || find.isPending}>
            {WORDS.find}
          </Button>
        </div>
      </form>
      {found?.length === 0 && (
        <p role="status" className="mt-3 text-soft text-sm">
          {WORDS.nobody}
        </p>
      )}
      {found && found.length > 0 && (
        <ul aria-label={WORDS.who} className="mt-4 border-line border-t">
          {found.map(({ visitor, found: kept }) => (
            <Line
              key={visitor}
              name={visitor}
              below={told(kept)}
              actions={
                <SureButton
                  title={WORDS.eraseTitle}
                  text={WORDS.eraseText}
                  action={WORDS.action}
                  onSure={() => erase.mutateAsync(visitor)}
                >
                  {WORDS.erase}
                </SureButton>
              }
            />
          ))}
        </ul>
      )}
      <Receipts domain={domain} />
    </Section>
  );
}

function Receipts({ domain }: { domain: string }) {
  const erasures = useQuery(erasuresQuery(domain));
  return (
    <div className="mt-6">
      <h3 className="mb-1 font-medium text-sm">{WORDS.receipts}</h3>
      <Lines label={WORDS.receipts} query={erasures} none={WORDS.noReceipts}>
        {(erasure) => <Receipt key={erasure.number} domain={domain} erasure={erasure} />}
      </Lines>
    </div>
  );
}

function Receipt({ domain, erasure }: { domain: string; erasure: Erasure }) {
  const { number, done_at, found, receipt } = erasure;
  return (
    <Line
      name={WORDS.receipt(number)}
      below={told(found)}
      facts={done_at ? formatDate(done_at) : <Mark tone="warn">{WORDS.waits}</Mark>}
      actions={receipt && <Button onClick={() => saveFile(`${domain}-erasure-${number}.txt`, receipt)}>{WORDS.save}</Button>}
    />
  );
}

function told({ events, set_aside, visits, recordings, first_day, last_day }: FoundOfVisitor): string {
  const what = WORDS.found(events + set_aside, visits, recordings);
  return first_day && last_day ? `${what}, ${WORDS.days(formatDay(first_day), formatDay(last_day))}` : what;
}
