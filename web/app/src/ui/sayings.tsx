/** The place at the bottom of the screen where a short word about what was done appears. */
import { unsay, useSaying } from '../lib/say.ts';
import { Icon } from './icon.tsx';

export function Sayings() {
  const saying = useSaying();
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-4 z-50 flex justify-center px-4 print:hidden"
    >
      {saying && (
        <p className="pointer-events-auto flex max-w-lg animate-appear items-start gap-3 rounded-lg bg-raised py-2.5 pr-2 pl-4 text-sm shadow-overlay">
          <Icon name={saying.bad ? 'warning' : 'check'} className={`mt-0.5 ${saying.bad ? 'text-bad' : 'text-good'}`} />
          <span className="min-w-0 flex-1 break-words">{saying.text}</span>
          <button
            type="button"
            aria-label="Dismiss"
            className="grid size-6 shrink-0 place-items-center rounded-sm text-faint hover:bg-wash hover:text-ink"
            onClick={unsay}
          >
            <Icon name="close" className="size-3" />
          </button>
        </p>
      )}
    </div>
  );
}
