/** Which backups there are, the newest first: for who was let see them, as long as they look. */
import { formatBytes } from '../lib/bytes.ts';
import { formatInstant } from '../lib/format.ts';
import { Button } from '../ui/button.tsx';
import { Line } from '../ui/lines.tsx';
import { BACKUPS as WORDS } from './backup-messages.ts';
import type { BackupLine } from './schema.ts';

export function BackupList({ backups, onHide }: { backups: BackupLine[]; onHide: () => void }) {
  return (
    <div className="mb-6">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h3 className="font-medium text-sm">{WORDS.there}</h3>
        <Button onClick={onHide}>{WORDS.hide}</Button>
      </div>
      {backups.length === 0 && <p className="py-2 text-faint text-sm">{WORDS.none}</p>}
      {backups.length > 0 && (
        <ul aria-label={WORDS.there} className="border-line border-t">
          {[...backups].reverse().map(({ backup, made_at, bytes }) => (
            <Line key={backup} name={backup} facts={formatInstant(made_at)} below={WORDS.size(formatBytes(bytes))} />
          ))}
        </ul>
      )}
    </div>
  );
}
