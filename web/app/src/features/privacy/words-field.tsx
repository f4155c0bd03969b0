/** Several lines of text under a label. */
import { useId } from 'react';

interface WordsFieldProps {
  label: string;
  value: string;
  maxLength: number;
  rows?: number;
  problem?: string;
  onText: (text: string) => void;
}

export function WordsField({ label, value, maxLength, rows = 4, problem, onText }: WordsFieldProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium text-sm">
        {label}
      </label>
      <textarea
        id={id}
        rows={rows}
        maxLength={maxLength}
        value={value}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${id}-note` : undefined}
        className="w-full rounded-md border border-edge bg-raised px-3 py-2 text-base outline-offset-0 focus:outline-2 focus:outline-accent aria-invalid:border-bad"
        onChange={(event) => onText(event.target.value)}
      />
      {problem && (
        <p id={`${id}-note`} role="alert" className="mt-1 text-bad text-xs">
          {problem}
        </p>
      )}
    </div>
  );
}
