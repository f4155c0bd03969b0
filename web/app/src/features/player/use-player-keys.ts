/** The keys of the player. They come before those of the rest of the UI; single letters and digits stop where those are switched off. */
import { useEffect } from 'react';
import type { Playback } from '../../lib/replay/playback.ts';
import { ownsKeys } from '../../lib/shortcuts.ts';
import { usePreference } from '../../lib/storage.ts';

const [ARROW_MS, SHIFT_MS, LETTER_MS] = [5000, 30_000, 10_000];

interface Keys {
  playback: Playback;
  started: number;
  ended: number;
  onLeave: () => void;
}

export function usePlayerKeys({ playback, started, ended, onLeave }: Keys): void {
  const single = usePreference('keys') !== 'off';
  useEffect(() => {
    const act = (event: KeyboardEvent): boolean => {
      const { key, shiftKey } = event;
      if (key === 'ArrowLeft' || key === 'ArrowRight') {
        playback.step((shiftKey ? SHIFT_MS : ARROW_MS) * (key === 'ArrowLeft' ? -1 : 1));
        return true;
      }
      if (key === 'Escape') {
        onLeave();
        return true;
      }
      if (key === ' ' && !isPressed(event.target)) {
        playback.toggle();
        return true;
      }
      return single && !shiftKey && actSingle(key.toLowerCase());
    };
    const actSingle = (key: string): boolean => {
      if (key === 'k') playback.toggle();
      else if (key === 'j') playback.step(-LETTER_MS);
      else if (key === 'l') playback.step(LETTER_MS);
      else if (/^\d$/.test(key)) playback.seek(started + ((ended - started) * Number(key)) / 10);
      else return false;
      return true;
    };
    const listen = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || (ownsKeys(event.target) && !isTimeline(event.target))) return;
      if (!act(event)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener('keydown', listen, { capture: true });
    return () => removeEventListener('keydown', listen, { capture: true });
  }, [playback, started, ended, onLeave, single]);
}

const isTimeline = (target: EventTarget | null) => target instanceof HTMLInputElement && target.type === 'range';
/** What space itself presses. */
const isPressed = (target: EventTarget | null) =>
  target instanceof Element && target.closest('button, a, summary, [role=switch]') !== null;
