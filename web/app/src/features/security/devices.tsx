/** Where one is signed in, and the ways to end that; and a one-time address for another device. */
import { useQuery } from '@tanstack/react-query';
import { client, expectData } from '../../lib/api.ts';
import { nameDevice, nameNetwork } from '../../lib/devices.ts';
import { formatDate, formatSince } from '../../lib/format.ts';
import { devicesQuery } from '../../lib/people-api.ts';
import type { Device } from '../../lib/people-schema.ts';
import { useAct } from '../../lib/use-act.ts';
import { useNow } from '../../lib/use-now.ts';
import { Button } from '../../ui/button.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { Line, Lines, Mark } from '../../ui/lines.tsx';
import { Section } from '../../ui/section.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { DEVICES as WORDS } from './messages.ts';

const MINUTE_MS = 60_000;

export function Devices() {
  const devices = useQuery(devicesQuery);
  const refresh = [devicesQuery.queryKey];
  const others = useAct(() => expectData(client.DELETE('/api/me/devices')), { refresh, done: WORDS.othersDone, quiet: true });
  const link = useAct(() => expectData(client.POST('/api/session/link')));
  return (
    <Section
      title={WORDS.title}
      action={
        devices.data &&
        devices.data.length > 1 && (
          <SureButton
            kind="line"
            title={WORDS.othersTitle}
            text={WORDS.othersText}
            action={WORDS.others}
            onSure={() => others.mutateAsync()}
          >
            {WORDS.others}
          </SureButton>
        )
      }
    >
      <Lines label={WORDS.title} query={devices} none={WORDS.none}>
        {(device) => <DeviceLine key={device.id} device={device} />}
      </Lines>
      <div className="mt-4 grid gap-2">
        {link.data ? (
          <>
            <p role="status" className="text-soft text-sm">
              {WORDS.linkLead}
            </p>
            <CopyBlock code={link.data.url} />
          </>
        ) : (
          <div>
            <Button className="-ml-2.5" disabled={link.isPending} onClick={() => link.mutate()}>
              {WORDS.link}
            </Button>
          </div>
        )}
      </div>
    </Section>
  );
}

function DeviceLine({ device }: { device: Device }) {
  const now = useNow(MINUTE_MS).getTime();
  const name = nameDevice(device.agent);
  const end = useAct(() => expectData(client.DELETE('/api/me/devices/{id}', { params: { path: { id: device.id } } })), {
    refresh: [devicesQuery.queryKey],
    done: WORDS.ended,
  });
  return (
    <Line
      name={<span title={device.agent}>{name}</span>}
      marks={device.current && <Mark tone="good">{WORDS.here}</Mark>}
      below={device.network && WORDS.from(nameNetwork(device.network))}
      facts={
        <>
          <span className="block">{WORDS.seen(formatSince(device.last_seen_at, now))}</span>
          <span className="block text-faint text-xs">{WORDS.since(formatDate(device.created_at))}</span>
        </>
      }
      actions={
        !device.current && (
          <Button aria-label={WORDS.endOf(name)} disabled={end.isPending} onClick={() => end.mutate()}>
            {WORDS.end}
          </Button>
        )
      }
    />
  );
}
