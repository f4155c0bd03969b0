/** The sign of each kind of mark: told apart by its shape, and only then by its colour. */
import type { MarkKind } from '../../lib/replay/marks.ts';

const SIGNS: Record<MarkKind, { path: string; className: string; filled?: true }> = {
  page: { path: 'M5 .5v9', className: 'text-ink' },
  click: { path: 'M5 3.5v3', className: 'text-faint' },
  rage: { path: 'M5 1 9.5 9h-9z', className: 'text-bad', filled: true },
  dead: { path: 'M5 8.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z', className: 'text-warn' },
  error: { path: 'M1.5 1.5l7 7M8.5 1.5l-7 7', className: 'text-bad' },
  event: { path: 'M5 .8 9.2 5 5 9.2.8 5z', className: 'text-accent' },
};

export function MarkSign({ kind, className = '' }: { kind: MarkKind; className?: string }) {
  const { path, className: colour, filled } = SIGNS[kind];
  return (
    <svg viewBox="0 0 10 10" aria-hidden="true" className={`size-2.5 shrink-0 ${colour} ${className}`}>
      <path
        d={path}
        fill={filled ? 'currentColor' : 'none'}
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
