/** The frame of a screen before the sign-in: the mark, one question, nothing else. */
import { type ReactNode, useEffect, useRef } from 'react';
import { Mark } from './mark.tsx';

interface LoneFrameProps {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
}

export function LoneFrame({ title, lead, children }: LoneFrameProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Candor`;
    // A new step is read from its beginning, unless a field of it already has the focus.
    if (document.activeElement === document.body) heading.current?.focus();
  }, [title]);
  return (
    <main id="content" className="mx-auto w-full max-w-sm px-4 py-12 sm:py-20">
      <p className="mb-8 flex items-center gap-2.5 font-semibold text-lg tracking-[-0.01em] print:hidden">
        <Mark size={26} />
        Candor
      </p>
      <h1 ref={heading} tabIndex={-1} className="mb-2 break-words font-semibold text-title tracking-[-0.02em] outline-none">
        {title}
      </h1>
      {lead && <div className="mb-6 text-soft print:hidden">{lead}</div>}
      {children}
    </main>
  );
}
