/** Where a person goes after signing in. Only a path of this very server comes out: an address elsewhere would lend it our name. */

const NOWHERE = /^\/(sign-in|setup|reset)(\/|$)/;

export function readReturn(raw: unknown, origin: string): string | undefined {
  if (typeof raw !== 'string' || !/^\/(?![/\\])/.test(raw)) return undefined;
  let url: URL;
  try {
    url = new URL(raw, origin);
  } catch {
    return undefined;
  }
  if (url.origin !== origin || NOWHERE.test(url.pathname) || url.pathname.startsWith('//')) return undefined;
  return url.pathname + url.search;
}
