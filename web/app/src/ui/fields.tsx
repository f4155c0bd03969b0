/** Form fields in Candor's clothes. Lazily loaded screens and overlays use them. */
import {
  type Key,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Button as PressButton,
  Select,
  SelectValue,
} from 'react-aria-components';
import { Icon } from './icon.tsx';
import { LINE } from './overlay-parts.tsx';

export const FIELD =
  'h-9 w-full rounded-md border border-edge bg-raised px-3 text-sm outline-offset-0 placeholder:text-faint focus:outline-2 focus:outline-accent aria-invalid:border-bad';

interface SelectFieldProps<T extends string> {
  label: string;
  value: T;
  options: { value: T; label: string }[];
  onChange: (value: T) => void;
}

export function SelectField<T extends string>({ label, value, options, onChange }: SelectFieldProps<T>) {
  return (
    <Select value={value} onChange={(key: Key | null) => key !== null && onChange(String(key) as T)} className="min-w-0">
      <Label className="mb-1 block text-faint text-xs">{label}</Label>
      <PressButton
        className={`${FIELD} flex items-center gap-2 text-left data-[focus-visible]:outline-2 data-[focus-visible]:outline-accent`}
      >
        <SelectValue className="block min-w-0 flex-1 truncate">{({ selectedText }) => selectedText}</SelectValue>
        <Icon name="chevron" className="size-3.5 text-faint" />
      </PressButton>
      <Popover className="max-h-72 min-w-(--trigger-width) animate-appear overflow-auto rounded-lg bg-raised shadow-overlay">
        <ListBox className="p-1.5 outline-none">
          {options.map((option) => (
            <ListBoxItem key={option.value} id={option.value} textValue={option.label} className={`group ${LINE}`}>
              <span className="flex-1">{option.label}</span>
              <Icon name="check" className="text-accent opacity-0 group-data-[selected]:opacity-100" />
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
