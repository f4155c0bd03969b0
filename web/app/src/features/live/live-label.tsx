/** Who is here now, and whether that is live. The dot beats; the words say the same to those who do not see it. */
import { formatClock, formatCompact } from '../../lib/format.ts';
import { setPreference } from '../../lib/storage.ts';
import { Icon } from '../../ui/icon.tsx';
import { WORDS } from './messages.ts';

interface LiveLabelProps {
  state: 'connecting' | 'live' | 'lost' | 'paused';
  current?: number;
  since?: Date;
}

export function LiveLabel({ state, current, since }: LiveLabelProps) {
  const paused = state === 'paused';
  const title = {
    connecting: WORDS.connecting,
    live: WORDS.live,
    lost: WORDS.lost(since ? formatClock(since) : ''),
    paused: WORDS.paused,
  }[state];
  return (
    <button
      type="button"
      title={title}
      aria-pressed={paused}
      className="group inline-flex h-8 items-center gap-2 whitespace-nowrap rounded-md px-2 text-sm hover:bg-wash"
      onClick={() => setPreference('live', paused ? null : 'paused')}
    >
      {paused ? (
        <Icon name="pause" className="size-3.5 text-faint" />
      ) : (
        <span
          className={`mx-1 size-1.5 forced-color-adjust-none rounded-full ${state === 'live' ? 'animate-beat bg-accent' : 'bg-edge'}`}
        />
      )}
      <span className={`numerals ${state === 'live' ? '' : 'text-faint'}`}>
        <span className="font-semibold">{current === undefined ? '–' : formatCompact(current)}</span>{' '}
        <span className="hidden text-soft sm:inline">
          {state === 'lost' ? WORDS.reconnecting : paused ? WORDS.isPaused : WORDS.current}
        </span>
        <span className="text-soft sm:hidden">{WORDS.now}</span>
        <span className="sr-only">{WORDS.pause}</span>
      </span>
    </button>
  );
}
