/** The masked view of a grant that is open. Nothing is asked until it is wanted: every question is in the owner's audit log. */
import { type FormEvent, useState } from 'react';
import { expectData } from '../lib/api.ts';
import { formatClock } from '../lib/format.ts';
import type { SupportGrant } from '../lib/people-schema.ts';
import { useAct } from '../lib/use-act.ts';
import { Button } from '../ui/button.tsx';
import { OpenModal } from '../ui/overlay-parts.tsx';
import { Problem } from '../ui/problem.tsx';
import { SelectNative } from '../ui/select-native.tsx';
import { TextField } from '../ui/text-field.tsx';
import type { OverlayProps } from '../ui/use-lazy-overlay.tsx';
import { client, grantsQuery, queries } from './api.ts';
import { VIEW as WORDS } from './messages.ts';
import { type By, dimensionOf, listBys, listDays, listMeasures, type Measure, makeQuestion } from './view-questions.ts';
import { ViewTable } from './view-table.tsx';

export default function ViewDialog({ grant, onClose }: { grant: SupportGrant } & OverlayProps) {
  const [by, setBy] = useState<By>('time');
  const [property, setProperty] = useState('');
  const [measure, setMeasure] = useState<Measure>('reach');
  const [days, setDays] = useState(grant.days);
  const params = { path: { id: grant.id } };
  const ask = useAct(
    async () => {
      const question = makeQuestion(by, property, measure, days);
      const answer = await expectData(client.POST('/api/operator/support-grants/{id}/query', { params, body: question }));
      return { by, head: by === 'property' ? property.trim() : nameBy(by), metrics: question.metrics, answer };
    },
    // The first question opens the grant; and one that is over should not look open in the list.
    { quiet: true, onDone: refresh },
  );
  const whole = by !== 'property' || property.trim() !== '';
  const measures = listMeasures(by);
  function chooseBy(next: By) {
    setBy(next);
    if (!listMeasures(next).includes(measure)) setMeasure('reach');
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (whole) ask.mutate(undefined, { onError: refresh });
  }
  return (
    <OpenModal title={WORDS.title(grant.site)} className="max-w-2xl" stays onClose={onClose}>
      <div className="grid min-h-0 gap-5 overflow-auto p-5">
        <p className="text-soft text-sm">
          <span className="block font-medium text-ink">{grant.purpose}</span>
          {WORDS.lead}
          {grant.expires_at && ` ${WORDS.until(formatClock(new Date(grant.expires_at)))}`}
        </p>
        <form onSubmit={submit} noValidate className="grid gap-4 sm:grid-cols-3">
          <SelectNative
            label={WORDS.by}
            value={by}
            options={listBys(grant.fields).map((value) => ({ value, label: nameBy(value) }))}
            onChange={chooseBy}
          />
          <SelectNative
            label={WORDS.measures}
            value={measure}
            options={measures.map((value) => ({ value, label: WORDS.measure[value] }))}
            onChange={setMeasure}
          />
          <SelectNative
            label={WORDS.period}
            value={String(days)}
            options={listDays(grant.days).map((count) => ({ value: String(count), label: WORDS.days(count) }))}
            onChange={(text) => setDays(Number(text))}
          />
          {by === 'property' && <TextField label={WORDS.property} autoComplete="off" value={property} onText={setProperty} />}
          <div className="sm:col-span-3">
            <Button type="submit" kind="solid" disabled={!whole || ask.isPending}>
              {WORDS.submit}
            </Button>
          </div>
        </form>
        <Problem error={ask.error} />
        {ask.data && <ViewTable {...ask.data} />}
      </div>
    </OpenModal>
  );
}

const refresh = () => void queries.invalidateQueries({ queryKey: grantsQuery.queryKey });

function nameBy(by: By): string {
  return dimensionOf(by)?.label ?? WORDS.bys[by as keyof typeof WORDS.bys];
}
