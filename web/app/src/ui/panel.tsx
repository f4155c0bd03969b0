/** The frame of a panel: tabs or a title, a way to the details, and a hairline instead of a card. */
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

interface PanelProps {
  label: string;
  head: ReactNode;
  className?: string;
  onDetails: () => void;
  onDetailsNear?: () => void;
  children: ReactNode;
}

export function Panel({ label, head, className = '', onDetails, onDetailsNear, children }: PanelProps) {
  return (
    <section aria-label={label} className={`min-w-0 ${className}`}>
      <div className="flex items-center justify-between gap-2 border-line border-b">
        {head}
        <Button
          className="-mr-2 shrink-0 px-2 text-faint print:hidden"
          onClick={onDetails}
          onPointerEnter={onDetailsNear}
          onFocus={onDetailsNear}
          aria-label={`Details of ${label}`}
        >
          <Icon name="list" className="size-3.5" />
          Details
        </Button>
      </div>
      {children}
    </section>
  );
}
