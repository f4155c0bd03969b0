/** Questions that interrupt whatever is going on. Requests ask them, one dialog answers, and all who wait hear the same answer. */
import { useSyncExternalStore } from 'react';
import type { Asks } from './guard.ts';

export type Question = Exclude<keyof Asks, 'isSignedIn'>;

interface Pending {
  question: Question;
  answer: Promise<boolean>;
  settle: (yes: boolean) => void;
}

const pending: Pending[] = [];
const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

export function askPerson(question: Question): Promise<boolean> {
  const known = pending.find((each) => each.question === question);
  if (known) return known.answer;
  let settle: Pending['settle'] = () => undefined;
  const answer = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  pending.push({ question, answer, settle });
  tell();
  return answer;
}

export function settle(question: Question, yes: boolean): void {
  const at = pending.findIndex((each) => each.question === question);
  if (at < 0) return;
  const [done] = pending.splice(at, 1);
  done?.settle(yes);
  tell();
}

/** The question on show: without a sign-in no confirmation is worth asking for. */
export function useQuestion(): Question | undefined {
  return useSyncExternalStore(subscribe, () =>
    pending.some(({ question }) => question === 'signIn') ? 'signIn' : pending[0]?.question,
  );
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
