/** Asking for the palette and the list of shortcuts from anywhere, without knowing where they live. */
export type Ask = 'palette' | 'shortcuts';

const listeners = new Set<(ask: Ask) => void>();

export function ask(what: Ask): void {
  for (const listener of listeners) listener(what);
}

export function onAsk(listener: (ask: Ask) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export const isApple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');
export const PALETTE_KEYS = isApple ? '⌘ K' : 'Ctrl K';
