/** A short word about what was just done, shown and announced for a while. For outcomes that the screen does not show by itself. */
import { useSyncExternalStore } from 'react';

export interface Saying {
  text: string;
  bad: boolean;
}

const GOOD_MS = 4000;
const BAD_MS = 12_000;
const listeners = new Set<() => void>();
let current: Saying | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

function put(next: Saying | undefined): void {
  current = next;
  clearTimeout(timer);
  if (next) timer = setTimeout(() => put(undefined), next.bad ? BAD_MS : GOOD_MS);
  for (const listener of listeners) listener();
}

export const say = (text: string) => put({ text, bad: false });
export const sayTrouble = (error: Error) => put({ text: error.message, bad: true });
export const unsay = () => put(undefined);

export function useSaying(): Saying | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => current,
  );
}
