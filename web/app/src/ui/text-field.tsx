/** A labelled line of text: what it is for below it, or what is wrong with it. Native, so that managers of passwords know it. */
import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react';

export interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  label: string;
  help?: ReactNode;
  /** What the server says of it. */
  problem?: string;
  /** At the right end, inside. */
  inside?: ReactNode;
  onText: (text: string) => void;
  ref?: Ref<HTMLInputElement>;
}

export const INPUT =
  'h-9 w-full rounded-md border border-edge bg-raised px-3 text-base outline-offset-0 placeholder:text-faint focus:outline-2 focus:outline-accent disabled:bg-wash aria-invalid:border-bad';

export function TextField({ label, help, problem, inside, onText, className = '', ...rest }: TextFieldProps) {
  const id = useId();
  const note = problem ?? help;
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block font-medium text-sm">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={problem ? true : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
          className={`${INPUT} read-only:bg-wash ${inside ? 'pr-16' : ''} ${className}`}
          onChange={(event) => onText(event.target.value)}
          {...rest}
        />
        {inside}
      </div>
      {note && (
        <p
          id={`${id}-note`}
          role={problem ? 'alert' : undefined}
          className={`mt-1 text-xs ${problem ? 'text-bad' : 'text-faint'}`}
        >
          {note}
        </p>
      )}
    </div>
  );
}
