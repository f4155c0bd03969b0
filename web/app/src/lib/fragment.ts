/**
 * Secrets that arrive behind the # of an address. The fragment never reaches the server or its log, and is taken out of the
 * address bar before anything is drawn, so that it stays in no history, bookmark or screenshot.
 */

export interface Secrets {
  setup?: string;
  reset?: string;
  invitation?: string;
  oneTime?: string;
}

const TOKEN = /^[A-Za-z0-9_-]{20,200}$/;
const KINDS = { '/setup': 'setup', '/reset': 'reset', '/invitation': 'invitation', '/sign-in': 'oneTime' } as const;

/** The secret of an address, and the address without it. */
export function readSecret(path: string, fragment: string): Secrets {
  const kind = KINDS[path.replace(/\/+$/, '') as keyof typeof KINDS];
  const text = fragment.replace(/^#/, '');
  const token = kind === 'oneTime' ? new URLSearchParams(text).get('one-time') : text;
  return kind && token && TOKEN.test(token) ? { [kind]: token } : {};
}

let taken: Secrets = {};

/** Takes the secret of this page's address; the address keeps no trace. Called once, before anything else. */
export function takeSecret(): void {
  taken = readSecret(location.pathname, location.hash);
  // A link that is pasted over the same screen changes the fragment alone, and nothing would begin anew.
  addEventListener('hashchange', () => {
    if (Object.keys(readSecret(location.pathname, location.hash)).length > 0) location.reload();
  });
  if (Object.keys(taken).length > 0) history.replaceState(history.state, '', location.pathname + location.search);
}

export const secretOf = (kind: keyof Secrets): string | undefined => taken[kind];

export function forgetSecret(kind: keyof Secrets): void {
  taken = { ...taken, [kind]: undefined };
}
