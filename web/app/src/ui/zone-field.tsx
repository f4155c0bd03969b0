/** A time zone, found by typing. */
import { useMemo } from 'react';
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Button as PressButton, Text } from 'react-aria-components';
import { FIELD } from './fields.tsx';
import { Icon } from './icon.tsx';
import { LINE } from './overlay-parts.tsx';

interface ZoneFieldProps {
  value: string;
  help: string;
  disabled?: boolean;
  onChange: (zone: string) => void;
}

export function ZoneField({ value, help, disabled, onChange }: ZoneFieldProps) {
  const zones = useMemo(() => [...new Set([value, 'UTC', ...Intl.supportedValuesOf('timeZone')])].map((id) => ({ id })), [value]);
  return (
    <ComboBox
      defaultItems={zones}
      selectedKey={value}
      onSelectionChange={(key) => key && onChange(String(key))}
      isDisabled={disabled}
      menuTrigger="focus"
    >
      <Label className="mb-1 block font-medium text-sm">Time zone</Label>
      <div className="relative">
        <Input className={`${FIELD} pr-9`} />
        <PressButton className="absolute inset-y-0 right-0 grid w-9 place-items-center text-faint outline-none">
          <Icon name="chevron" className="size-3.5" />
        </PressButton>
      </div>
      <Text slot="description" className="mt-1 block text-faint text-xs">
        {help}
      </Text>
      <Popover className="max-h-72 w-(--trigger-width) animate-appear overflow-auto rounded-lg bg-raised shadow-overlay">
        <ListBox className="p-1.5 outline-none">
          {(zone: { id: string }) => (
            <ListBoxItem id={zone.id} textValue={zone.id} className={LINE}>
              {zone.id.replaceAll('_', ' ')}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
