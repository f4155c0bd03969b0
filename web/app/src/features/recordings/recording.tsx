/** One line of the list: it leads to the player, and its end to the others of the same visitor. Paths and names are strangers' text, and text nodes here. */
import { Link } from '@tanstack/react-router';
import { formatDuration, formatInstant } from '../../lib/format.ts';
import { nameValue } from '../../lib/names.ts';
import type { RecordingLine } from '../../lib/replay/recording.ts';
import { Icon } from '../../ui/icon.tsx';
import { WORDS } from './messages.ts';

export const COLUMNS =
  'grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 gap-y-0.5 px-2 md:grid-cols-[10.5rem_5rem_4rem_4rem_minmax(0,1fr)]';

interface RecordingProps {
  domain: string;
  recording: RecordingLine;
  /** The list is of one visitor: nothing leads there. */
  alone: boolean;
}

export function Recording({ domain, recording, alone }: RecordingProps) {
  const { id, visitor, started_at, ended_at, pages, clicks, country, browser, os, device, gaps } = recording;
  const seconds = (Date.parse(ended_at) - Date.parse(started_at)) / 1000;
  const known = [country && nameValue('country', country), device, [browser, os].filter(Boolean).join(', ')]
    .filter(Boolean)
    .join(' · ');
  return (
    <li className="flex items-stretch border-line border-b">
      <Link
        data-recording=""
        to="/$domain/recordings/$id"
        params={{ domain, id }}
        className={`${COLUMNS} min-h-12 min-w-0 flex-1 items-center py-2 text-sm outline-offset-[-2px] hover:bg-wash md:min-h-11`}
      >
        <span className="numerals font-medium">{formatInstant(started_at)}</span>
        <span className="numerals text-right">{formatDuration(seconds)}</span>
        <span className="numerals text-right max-md:hidden">{pages}</span>
        <span className="numerals text-right max-md:hidden">{clicks}</span>
        <span className="flex min-w-0 items-center gap-2 text-soft max-md:col-span-2">
          <span className="min-w-0">
            <span className="block truncate">{known}</span>
            <span className="numerals block text-faint text-xs md:hidden">
              {WORDS.pages(pages)}, {WORDS.clicks(clicks)}
            </span>
          </span>
          {gaps > 0 && (
            <span title={WORDS.gaps} className="text-warn">
              <Icon name="warning" className="size-3.5" />
              <span className="sr-only">{WORDS.gaps}</span>
            </span>
          )}
        </span>
      </Link>
      {!alone && (
        <Link
          to="/$domain/recordings"
          params={{ domain }}
          search={{ period: 'all', visitor }}
          aria-label={WORDS.ofVisitor}
          title={WORDS.ofVisitor}
          className="grid w-10 shrink-0 place-items-center text-faint outline-offset-[-2px] hover:bg-wash hover:text-ink"
        >
          <Icon name="person" className="size-3.5" />
        </Link>
      )}
    </li>
  );
}
