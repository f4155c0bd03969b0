/** Play and pause, the moment, the speed, and whether quiet is leapt over. */
import { SPEEDS } from '@candor/player/protocol';
import { formatMoment } from '../../lib/replay/moment.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { WORDS } from './messages.ts';
import type { Played } from './use-playback.ts';

export function Controls({ playback, state, started, ended }: Played) {
  const { playing, speed, leaping, at } = state;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button kind="solid" className="w-24" onClick={() => playback.toggle()}>
        <Icon name={playing ? 'pause' : 'play'} />
        {playing ? WORDS.pause : WORDS.play}
      </Button>
      <p className="numerals text-sm">
        <span className="font-semibold">{formatMoment(at - started)}</span>
        <span className="text-faint"> / {formatMoment(ended - started)}</span>
      </p>
      <div className="ml-auto flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button
          aria-pressed={leaping}
          title={WORDS.leapHelp}
          className="aria-pressed:text-ink"
          onClick={() => playback.setLeaping(!leaping)}
        >
          <span
            className={`grid size-4 place-items-center rounded-sm border ${leaping ? 'border-accent bg-accent text-on-accent' : 'border-edge'}`}
          >
            {leaping && <Icon name="check" className="size-3" />}
          </span>
          {WORDS.leap}
        </Button>
        <fieldset aria-label={WORDS.speed} className="flex">
          {SPEEDS.map((each) => (
            <Button
              key={each}
              aria-pressed={each === speed}
              className="numerals min-w-8 px-2 aria-pressed:bg-wash aria-pressed:text-ink"
              onClick={() => playback.setSpeed(each)}
            >
              {each}×
            </Button>
          ))}
        </fieldset>
      </div>
    </div>
  );
}
