/** The server's own troubles, above everything: a full disk, or a process that does not serve. */
import { useEffect, useState } from 'react';
import type { Health } from '../lib/api.ts';
import { formatClock } from '../lib/format.ts';
import { Notice } from '../ui/notice.tsx';

const LOSSES: Record<string, string> = {
  keeper: 'What is sealed cannot be opened until it is back; events go on being accepted.',
  edge: 'New events cannot be accepted until it is back.',
  app: 'Reports may be late until it is back; events go on being accepted.',
  worker: 'Reports stay right but answer more slowly until it is back; events go on being accepted.',
};

export function HealthNotice({ health }: { health: Health }) {
  const since = useSince(health.storage === 'full' || health.status !== 'ok');
  const at = since && `Seen since ${formatClock(since)}.`;
  if (health.storage === 'full') {
    return (
      <Notice tone="bad" title="Storage is full: new events are turned away.">
        {at} Everything accepted so far is safe and shown. Free some space on the disk of the data directory; counting resumes by
        itself.
      </Notice>
    );
  }
  const down = Object.entries(health.processes).filter(([, state]) => state !== 'serving');
  if (health.status === 'ok' || down.length === 0) return null;
  return (
    <Notice tone="warn" title={`The ${down.map(([name]) => name).join(' and ')} process is not serving.`}>
      {at} {down.map(([name]) => LOSSES[name]).join(' ')} The server restarts it by itself.
    </Notice>
  );
}

function useSince(active: boolean): Date | undefined {
  const [since, setSince] = useState<Date>();
  useEffect(() => setSince(active ? new Date() : undefined), [active]);
  return since;
}
