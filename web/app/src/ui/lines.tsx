/** Lines of a list: who or what it is, what is known of it, what can be done. Narrow screens put them below each other. */
import type { ReactNode } from 'react';
import { Again } from './again.tsx';
import { Skeleton } from './skeleton.tsx';

interface LinesProps<T> {
  label: string;
  query: { data?: T[]; error: Error | null; refetch: () => unknown };
  none: ReactNode;
  children: (each: T) => ReactNode;
}

export function Lines<T>({ label, query, none, children }: LinesProps<T>) {
  const { data, error } = query;
  if (!data && error) {
    return <Again text={error.message} onAgain={query.refetch} />;
  }
  if (!data) return <Skeleton className="h-24 w-full" />;
  if (data.length === 0) return <p className="py-2 text-faint text-sm">{none}</p>;
  return (
    <ul aria-label={label} className="border-line border-t">
      {data.map(children)}
    </ul>
  );
}

interface LineProps {
  name: ReactNode;
  /** Small words beside the name. */
  marks?: ReactNode;
  below?: ReactNode;
  facts?: ReactNode;
  actions?: ReactNode;
  dim?: boolean;
}

export function Line({ name, marks, below, facts, actions, dim }: LineProps) {
  return (
    <li className="grid items-center gap-x-6 gap-y-1 border-line border-b py-2.5 text-sm sm:grid-cols-[minmax(0,1fr)_13rem_5.5rem]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className={`wrap-anywhere font-medium ${dim ? 'text-faint line-through' : ''}`}>{name}</span>
          {marks}
        </p>
        {below && <div className="wrap-anywhere text-soft">{below}</div>}
      </div>
      <div className="min-w-0 text-soft empty:hidden sm:empty:block">{facts}</div>
      {actions && <div className="-ml-2.5 flex flex-wrap sm:-mr-2.5 sm:ml-0 sm:justify-end">{actions}</div>}
    </li>
  );
}

const TONES = { plain: 'text-faint', good: 'text-good', warn: 'text-warn', bad: 'text-bad' };

export function Mark({ tone = 'plain', children }: { tone?: keyof typeof TONES; children: ReactNode }) {
  return <span className={`whitespace-nowrap text-xs ${TONES[tone]}`}>{children}</span>;
}
