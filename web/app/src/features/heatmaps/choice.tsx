/** One of a few, each a button that says whether it is chosen. */
import { Button } from '../../ui/button.tsx';

interface ChoiceProps<T extends string> {
  label: string;
  chosen: T;
  options: readonly { value: T; label: string; help: string; count?: string }[];
  onChoose: (value: T) => void;
}

export function Choice<T extends string>({ label, chosen, options, onChoose }: ChoiceProps<T>) {
  return (
    <fieldset aria-label={label} className="flex min-w-0 flex-wrap gap-0.5">
      {options.map(({ value, label: word, help, count }) => (
        <Button
          key={value}
          aria-pressed={value === chosen}
          title={help}
          className="aria-pressed:bg-wash aria-pressed:text-ink"
          onClick={() => onChoose(value)}
        >
          {word}
          {count !== undefined && <span className="numerals text-faint text-xs">{count}</span>}
        </Button>
      ))}
    </fieldset>
  );
}
