/** How the last backups or drills went, as the server's own log says. What failed is said in the server's words. */
import { useQuery } from '@tanstack/react-query';
import { formatBytes } from '../lib/bytes.ts';
import { formatInstant } from '../lib/format.ts';
import { Line, Lines, Mark } from '../ui/lines.tsx';
import { lastActsQuery } from './api.ts';
import { BACKUPS as WORDS } from './backup-messages.ts';

export function LastActs({ act }: { act: 'backup_make' | 'backup_drill' }) {
  const entries = useQuery(lastActsQuery(act));
  const title = act === 'backup_make' ? WORDS.backups : WORDS.drills;
  return (
    <div className="mt-6">
      <h3 className="mb-1 font-medium text-sm">{title}</h3>
      <Lines label={title} query={entries} none={WORDS.noneTried}>
        {({ number, at, details }) => (
          <Line
            key={number}
            name={formatInstant(at)}
            below={said(details)}
            facts={<Mark tone={details.failed ? 'bad' : 'good'}>{details.failed ? WORDS.failed : WORDS.good}</Mark>}
          />
        )}
      </Lines>
    </div>
  );
}

function said({ failed, bytes, sent, questions }: Record<string, string | undefined>): string {
  if (failed) return failed;
  if (bytes) return WORDS.sent(formatBytes(Number(bytes)), formatBytes(Number(sent)));
  return questions ? WORDS.asked(questions) : WORDS.looked;
}
