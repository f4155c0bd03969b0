/** For how long a site keeps what, and what goes next. */
import { useQuery } from '@tanstack/react-query';
import { formatDay } from '../../lib/format.ts';
import { type Retention, retentionQuery } from '../../lib/privacy-api.ts';
import { Section } from '../../ui/section.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { KEEPING as WORDS } from './messages.ts';

export function Keeping({ domain }: { domain: string }) {
  const { data, error } = useQuery(retentionQuery(domain));
  return (
    <Section title={WORDS.title}>
      {error && (
        <p role="alert" className="text-bad text-sm">
          {error.message}
        </p>
      )}
      {!data && !error && <Skeleton className="h-16 w-full" />}
      {data && (
        <dl className="grid gap-3 text-sm">
          <Kept name={WORDS.events} kept={data.events} />
          <Kept name={WORDS.recordings} kept={data.recordings} />
        </dl>
      )}
    </Section>
  );
}

function Kept({ name, kept }: { name: string; kept: Retention['events'] }) {
  const next = kept.next.slice(0, 3).map(({ count, on }) => WORDS.goes(count, formatDay(on)));
  return (
    <div>
      <dt className="font-medium">
        {name}: {kept.days ? WORDS.days(kept.days) : WORDS.always}
      </dt>
      <dd className="text-soft">{next.length > 0 ? `${next.join(', ')}.` : WORDS.nothing}</dd>
    </div>
  );
}
