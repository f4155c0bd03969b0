/** A switch with its name and, below, what it does in plain words. */
import { Switch } from 'react-aria-components';

interface SwitchLineProps {
  label: string;
  help: string;
  on: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

export function SwitchLine({ label, help, on, disabled, onChange }: SwitchLineProps) {
  return (
    <Switch
      isSelected={on}
      isDisabled={disabled}
      onChange={onChange}
      className="group flex cursor-pointer items-start gap-4 outline-none data-[disabled]:cursor-default"
    >
      <span className="min-w-0 flex-1">
        <span className="block font-medium text-sm">{label}</span>
        <span className="block text-soft text-sm">{help}</span>
      </span>
      <span className="mt-0.5 flex h-5 w-9 shrink-0 forced-color-adjust-none items-center rounded-full border border-edge p-0.5 transition-colors duration-100 group-data-[selected]:border-accent group-data-[selected]:bg-accent group-data-[disabled]:opacity-50 group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-accent group-data-[focus-visible]:outline-offset-2">
        <span className="size-3.5 rounded-full bg-edge transition-transform duration-100 group-data-[selected]:translate-x-4 group-data-[selected]:bg-on-accent" />
      </span>
    </Switch>
  );
}
