/** The small tabs in a panel's head. One stop of the Tab key, arrows move and choose, as the tabs pattern asks. */
import { type KeyboardEvent, useId, useRef } from 'react';

export interface TabsProps<T extends string> {
  label: string;
  tabs: readonly { key: T; label: string }[];
  chosen: T;
  onChoose: (key: T) => void;
  /** The element whose content changes. */
  panelId: string;
}

export function Tabs<T extends string>({ label, tabs, chosen, onChoose, panelId }: TabsProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  const id = useId();

  function move(event: KeyboardEvent) {
    const at = tabs.findIndex((tab) => tab.key === chosen);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = (to + tabs.length) % tabs.length;
    onChoose(tabs[index]!.key);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[index]?.focus();
  }

  return (
    <div ref={list} role="tablist" aria-label={label} className="-ml-2 flex min-w-0 overflow-x-auto" onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab.key}
          id={`${id}-${tab.key}`}
          type="button"
          role="tab"
          aria-selected={tab.key === chosen}
          aria-controls={panelId}
          tabIndex={tab.key === chosen ? 0 : -1}
          className="relative h-10 shrink-0 whitespace-nowrap px-2 text-sm font-medium text-faint outline-offset-[-2px] transition-colors duration-100 after:absolute after:inset-x-2 after:bottom-0 after:h-px after:forced-color-adjust-none hover:text-ink aria-selected:text-ink aria-selected:after:bg-ink"
          onClick={() => onChoose(tab.key)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}
