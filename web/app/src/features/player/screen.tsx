/** The place where the recorded page is seen, and what stands there while it is not. */
import type { Stretch } from '../../lib/replay/stretches.ts';
import { Button } from '../../ui/button.tsx';
import { ReplayFrame } from '../../ui/replay-frame.tsx';
import { WORDS } from './messages.ts';
import type { Played } from './use-playback.ts';

interface ScreenProps {
  playback: Played['playback'];
  state: Played['state'];
  /** Where the frame is, once that is known. */
  origin: string | undefined;
  stretches: readonly Stretch[];
}

export function Screen({ playback, state, origin, stretches }: ScreenProps) {
  const after = stretches.find(({ at }) => at > state.at);
  return (
    <div
      aria-busy={state.scene === 'waiting'}
      data-scene={state.scene}
      data-turn={state.turn}
      className="relative aspect-[16/10] max-h-[64vh] w-full overflow-hidden rounded-md border border-line bg-wash"
    >
      {origin && (
        <ReplayFrame
          title={WORDS.frame}
          origin={origin}
          onConnect={(send) => playback.connect(send)}
          onReport={(report) => playback.hear(report)}
        />
      )}
      {state.scene === 'waiting' && (
        <p
          role="status"
          className="pointer-events-none absolute right-3 bottom-3 animate-wait rounded-md bg-raised px-2.5 py-1 text-soft text-xs shadow-overlay"
        >
          {WORDS.loading}
        </p>
      )}
      {state.scene === 'broken' && (
        <div role="alert" className="absolute inset-0 grid place-items-center bg-paper p-6">
          <div className="max-w-sm">
            <p className="mb-1 font-semibold">{WORDS.brokenTitle}</p>
            <p className="mb-4 text-soft text-sm">{WORDS.brokenText}</p>
            <div className="flex flex-wrap gap-2">
              {after && (
                <Button kind="solid" onClick={() => playback.seek(after.at)}>
                  {WORDS.after}
                </Button>
              )}
              <Button kind="line" onClick={() => playback.seek(state.at)}>
                {WORDS.retry}
              </Button>
            </div>
          </div>
        </div>
      )}
    </div>
  );
}
