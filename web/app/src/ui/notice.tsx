/** A line across the screen that says what is wrong, since when, what is still shown, and offers the one thing to do. */
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

interface NoticeProps {
  tone: 'warn' | 'bad';
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function Notice({ tone, title, children, action }: NoticeProps) {
  const colours = tone === 'bad' ? 'bg-bad-wash' : 'bg-warn-wash';
  return (
    <div role="status" className={`flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-sm sm:px-6 lg:px-10 ${colours}`}>
      <Icon name="warning" className={tone === 'bad' ? 'text-bad' : 'text-warn'} />
      <p className="min-w-0 flex-1 basis-64">
        <strong className="font-semibold">{title}</strong> <span className="text-soft">{children}</span>
      </p>
      {action}
    </div>
  );
}
