/** What could not be loaded, in a line, and once more. */
import { Button } from './button.tsx';

interface AgainProps {
  /** What went wrong, in a sentence. */
  text: string;
  onAgain: () => unknown;
  className?: string;
}

export function Again({ text, onAgain, className = '' }: AgainProps) {
  return (
    <p role="alert" className={`flex flex-wrap items-center gap-3 text-sm ${className}`}>
      <span className="text-bad">{text}</span>
      <Button kind="line" onClick={() => void onAgain()}>
        Try again
      </Button>
    </p>
  );
}
