/** What went wrong with a form, said once: at its field, or here. Where the server wants a pause, the seconds run down here. */
import { useEffect, useState } from 'react';

/** What these parts need to know of an error; `lib/api.ts` makes such ones. */
export interface Trouble {
  message: string;
  field?: string;
  wait?: number;
}

const asTrouble = (error: Error | null | undefined) => (error ?? undefined) as Trouble | undefined;

/** The sentence that belongs to this field, if the error does. */
export function problemOf(error: Error | null | undefined, field: string): string | undefined {
  const trouble = asTrouble(error);
  return trouble?.field === field ? trouble.message : undefined;
}

/** The seconds left of the pause that an answer asked for. */
export function useWait(error: Error | null | undefined): number {
  const wait = asTrouble(error)?.wait ?? 0;
  const [left, setLeft] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each error begins a pause of its own, be it as long as the last
  useEffect(() => {
    setLeft(wait);
    if (wait === 0) return;
    const end = Date.now() + wait * 1000;
    const timer = setInterval(() => {
      const rest = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      setLeft(rest);
      if (rest === 0) clearInterval(timer);
    }, 500);
    return () => clearInterval(timer);
  }, [error, wait]);
  return left;
}

const describeWait = (seconds: number) => (seconds > 90 ? `${Math.ceil(seconds / 60)} min` : `${seconds} s`);

interface ProblemProps {
  error: Error | null | undefined;
  /** The fields that say their own. */
  fields?: readonly string[];
  wait?: number;
}

export function Problem({ error, fields = [], wait = 0 }: ProblemProps) {
  const trouble = asTrouble(error);
  if (!trouble || (trouble.field && fields.includes(trouble.field))) return null;
  if (trouble.wait !== undefined && wait === 0) return null;
  return (
    <div className="rounded-md bg-bad-wash px-3 py-2 text-sm">
      <p role="alert">{trouble.message}</p>
      {wait > 0 && <p className="numerals text-soft">You can try again in {describeWait(wait)}.</p>}
    </div>
  );
}
