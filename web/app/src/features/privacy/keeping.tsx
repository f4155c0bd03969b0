/** For how long a site keeps events and recordings, and what of them goes next. To keep them shorter takes something away, so it is asked for twice. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Site, SiteChange } from '../../lib/api.ts';
import { formatBytes } from '../../lib/bytes.ts';
import { formatDay, formatExact } from '../../lib/format.ts';
import { type Retention, retentionQuery } from '../../lib/privacy-api.ts';
import { useAct } from '../../lib/use-act.ts';
import { useSiteChange } from '../../lib/use-site-change.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { SelectNative } from '../../ui/select-native.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { KEEPING as WORDS } from './messages.ts';

/** As long as there is the site. */
const ALWAYS = null;
type Days = number | typeof ALWAYS;
type Going = Retention['events']['next'];

const EVENTS: readonly Days[] = [30, 60, 90, 180, 365, 730, 1095, 1825, ALWAYS];
const RECORDINGS: readonly Days[] = [7, 14, 30, 60, 90, 180, 365, 730];

export function Keeping({ site, closed }: { site: Site; closed: boolean }) {
  const { data, error } = useQuery(retentionQuery(site.domain));
  const { changeNow } = useSiteChange(site, { once: 'confirmed' });
  const { events_retention_days, recording } = site.settings;
  const act = (change: SiteChange) => changeNow(change);
  return (
    <Section title={WORDS.title} lead={WORDS.lead}>
      <Problem error={error} />
      <div className="grid gap-8">
        <Kept
          name={WORDS.events}
          help={WORDS.eventsHelp}
          days={events_retention_days ?? ALWAYS}
          usual={EVENTS}
          next={data?.events.next}
          failed={error !== null}
          closed={closed}
          onDays={(days) => act({ events_retention_days: days })}
        />
        <Kept
          name={WORDS.recordings}
          help={WORDS.recordingsHelp}
          days={recording.retention_days}
          usual={RECORDINGS}
          next={data?.recordings.next}
          failed={error !== null}
          closed={closed}
          onDays={(days) => act({ recording: { retention_days: days ?? undefined } })}
        />
      </div>
    </Section>
  );
}

interface KeptProps {
  name: string;
  help: string;
  days: Days;
  usual: readonly Days[];
  next?: Going;
  failed: boolean;
  closed: boolean;
  onDays: (days: Days) => Promise<unknown>;
}

function Kept({ name, help, days, usual, next, failed, closed, onDays }: KeptProps) {
  return (
    <div>
      {closed ? (
        <p className="text-sm">
          <strong className="font-medium">{name}</strong> {say(days)}
        </p>
      ) : (
        <Choice key={days} {...{ name, help, days, usual, onDays }} />
      )}
      {!next && !failed && <Skeleton className="mt-3 h-5 w-72 max-w-full" />}
      {next && <Next next={next} />}
    </div>
  );
}

const say = (days: Days) => (days === ALWAYS ? WORDS.always : WORDS.days(days));
const write = (days: Days) => (days === ALWAYS ? '' : String(days));
const read = (text: string): Days => (text === '' ? ALWAYS : Number(text));
const long = (days: Days) => days ?? Number.POSITIVE_INFINITY;

function Choice({ name, help, days, usual, onDays }: Pick<KeptProps, 'name' | 'help' | 'days' | 'usual' | 'onDays'>) {
  const [chosen, choose] = useState(days);
  const change = useAct(() => onDays(chosen), { done: WORDS.changed, quiet: true });
  const all = usual.includes(days) ? usual : [...usual, days].sort((a, b) => long(a) - long(b));
  return (
    <>
      <div className="flex flex-wrap items-end gap-3">
        <div className="w-64 max-w-full">
          <SelectNative
            label={name}
            value={write(chosen)}
            options={all.map((each) => ({ value: write(each), label: say(each) }))}
            onChange={(text) => {
              change.reset();
              choose(read(text));
            }}
          />
        </div>
        {long(chosen) < long(days) && (
          <SureButton
            kind="line"
            className="h-9"
            title={WORDS.shorterTitle(name, say(chosen))}
            text={WORDS.shorterText}
            action={WORDS.change}
            onSure={() => change.mutateAsync()}
          >
            {WORDS.change}
          </SureButton>
        )}
        {long(chosen) > long(days) && (
          <Button kind="line" className="h-9" disabled={change.isPending} onClick={() => change.mutate()}>
            {WORDS.change}
          </Button>
        )}
      </div>
      <p className="mt-1 text-faint text-xs">{help}</p>
      <Problem error={change.error} />
    </>
  );
}

function Next({ next }: { next: Going }) {
  const [first] = next;
  if (!first) return <p className="mt-3 text-soft text-sm">{WORDS.nothing}</p>;
  const all = next.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className="mt-3 text-sm">
      <p className="text-soft">{WORDS.goes(formatExact(all), formatDay(first.on))}</p>
      <details className="mt-1">
        <summary className="w-fit cursor-pointer text-soft hover:text-ink">{WORDS.byDay}</summary>
        <table className="mt-2 w-full max-w-md">
          <thead>
            <tr className="text-faint text-xs">
              <th className="py-1 text-left font-normal">{WORDS.columns.on}</th>
              <th className="py-1 text-right font-normal">{WORDS.columns.count}</th>
              <th className="py-1 text-right font-normal">{WORDS.columns.bytes}</th>
            </tr>
          </thead>
          <tbody>
            {next.map(({ on, count, bytes_about }) => (
              <tr key={on} className="border-line border-t">
                <td className="py-1">{formatDay(on)}</td>
                <td className="numerals py-1 text-right">{formatExact(count)}</td>
                <td className="numerals py-1 text-right">{formatBytes(bytes_about)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}
