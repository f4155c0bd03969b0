/** A choice of a few, by the browser's own list: it works with every keyboard, thumb and screen reader. */
import { type Ref, useId } from 'react';
import { Icon } from './icon.tsx';
import { INPUT } from './text-field.tsx';

interface SelectNativeProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
  ref?: Ref<HTMLSelectElement>;
}

export function SelectNative<T extends string>({ label, value, options, onChange, ref }: SelectNativeProps<T>) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block font-medium text-sm">
        {label}
      </label>
      <div className="relative">
        <select
          ref={ref}
          id={id}
          value={value}
          className={`${INPUT} appearance-none pr-9`}
          onChange={(event) => onChange(event.target.value as T)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <Icon name="chevron" className="pointer-events-none absolute top-2.5 right-3 text-faint" />
      </div>
    </div>
  );
}
