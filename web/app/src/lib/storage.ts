/** What this browser remembers for the person at it: theme, single keys, live updates, organization. Forbidden storage means defaults. */
import { useSyncExternalStore } from 'react';

export type Preference = 'theme' | 'keys' | 'live' | 'organization' | 'checklist';

const listeners = new Set<() => void>();

function read(name: Preference): string | null {
  try {
    return localStorage.getItem(`candor.${name}`);
  } catch {
    return null;
  }
}

export function setPreference(name: Preference, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`candor.${name}`);
    else localStorage.setItem(`candor.${name}`, value);
  } catch {
    // Not remembered beyond this page; still applied below.
  }
  for (const listener of listeners) listener();
}

export function usePreference(name: Preference): string | null {
  return useSyncExternalStore(subscribe, () => read(name));
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}
