/** The words about backups and drills. */
import type { Health } from '../lib/api.ts';
import type { BackupPlace } from './schema.ts';

export const BACKUPS = {
  title: 'Backups and drills',
  lead: 'Everything that is kept, every day, encrypted to people who are not on the server, read back before it counts; and restored again and again to see that it can be.',
  off: 'None are made here: nobody said where to. Start the server with --backup-to and --backup-recipient.',
  states: {
    off: 'none are made',
    ok: 'in time',
    backup_late: 'the last good one is too old',
    drill_late: 'it is too long ago that one was restored',
    drill_failed: 'the newest was found not to restore',
  } satisfies Record<Health['backups'], string>,
  state: 'Now',
  lastBackup: 'Last good backup',
  lastDrill: 'Last good drill',
  never: 'none yet',
  make: 'Back up now',
  making: 'Backing up …',
  made: (size: string) => `Made and read back: ${size}.`,
  goesOn: 'It is being made. What comes of it is in the list below.',
  show: 'Show which there are',
  waits: 'Another operator has to approve it, and sees them then.',
  there: 'Which there are',
  none: 'There is none yet.',
  size: (size: string) => `${size} in all`,
  hide: 'Hide',
  backups: 'The last backups that were tried',
  drills: 'The last drills',
  noneTried: 'None was tried yet.',
  good: 'good',
  failed: 'failed',
  sent: (all: string, sent: string) => `${all}, of which ${sent} were new`,
  asked: (count: string) => `restored, and ${count} questions were answered as before`,
  looked: 'each object checked by its digest; nobody restored one, since the identity is not on the server',
  contents: 'What is in them, and what is not',
  becomes: {
    kept: 'In every backup',
    of_recordings: 'In backups of sites that want them',
    of_keys: 'In a set of their own, written anew whenever a key is destroyed',
    left_out: 'In none',
  } satisfies Record<BackupPlace['becomes'], string>,
  recordings: (wanted: number, sites: number) =>
    `Recordings: ${wanted} of ${sites} ${sites === 1 ? 'site' : 'sites'} keep them in backups. Each site decides in its own settings.`,
} as const;
