/** What could not be loaded, in a line, and once more. */
import { Button } from '../../ui/button.tsx';
import { VISITOR as WORDS } from './messages.ts';

export function Again({ error, onAgain }: { error: Error; onAgain: () => unknown }) {
  return (
    <p role="alert" className="mb-4 flex flex-wrap items-center gap-3 text-sm">
      <span className="text-bad">{error.message}</span>
      <Button kind="line" onClick={() => void onAgain()}>
        {WORDS.retry}
      </Button>
    </p>
  );
}
