/** A part of a settings screen: a hairline, its name, one sentence, and at the right what can be added. */
import type { ReactNode } from 'react';

interface SectionProps {
  title: string;
  lead?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}

export function Section({ title, lead, action, children }: SectionProps) {
  return (
    <section aria-label={title} className="mb-10 border-line border-t pt-5">
      <div className="mb-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <h2 className="font-semibold text-lg">{title}</h2>
          {lead && <div className="max-w-prose text-soft text-sm">{lead}</div>}
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}
