/** Choices with a sentence each: one of them, or any number. Native, and the whole line can be pressed. */
import { useId } from 'react';

interface Choice<T extends string> {
  value: T;
  label: string;
  text?: string;
  /** Why it cannot be chosen now. */
  closed?: string;
}

interface ChoicesProps<T extends string> {
  label: string;
  choices: readonly Choice<T>[];
  chosen: readonly T[];
  several?: boolean;
  onChange: (chosen: T[]) => void;
}

export function Choices<T extends string>({ label, choices, chosen, several = false, onChange }: ChoicesProps<T>) {
  const name = useId();
  const toggle = (value: T) => {
    if (!several) return onChange([value]);
    onChange(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  };
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium text-sm">{label}</legend>
      <div className="overflow-hidden rounded-md border border-edge">
        {choices.map(({ value, label: word, text, closed }) => (
          <label
            key={value}
            className="flex cursor-pointer items-start gap-3 border-line px-3 py-2 text-sm not-last:border-b hover:bg-wash has-checked:bg-accent-wash has-disabled:cursor-default"
          >
            <input
              type={several ? 'checkbox' : 'radio'}
              name={name}
              value={value}
              checked={chosen.includes(value)}
              disabled={closed !== undefined}
              className="mt-0.5 size-4 shrink-0"
              onChange={() => toggle(value)}
            />
            <span className="min-w-0">
              <span className="block wrap-anywhere font-medium">{word}</span>
              {(closed ?? text) && <span className="block text-soft">{closed ?? text}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
