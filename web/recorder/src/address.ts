/**
 * An address as a recording may hold it: `http` or `https`, no user, query or fragment, and no path segment that names
 * somebody. A segment that holds something entered falls like one that is a number.
 */

const NUMBER = /^\d+$/;
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
/** What a path may be made of once escapes are undone; anything else falls too. */
const PLAIN = /^[\w.~!$'()+,;=:-]*$/;
const SEGMENT_MAX = 64;
const SEGMENTS_MAX = 32;

export function veilAddress(address: string, isClean: (text: string) => boolean): string | undefined {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return undefined;
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  if (!isClean(url.hostname)) return undefined;
  const segments = url.pathname.split("/", SEGMENTS_MAX).map((segment) => (isPlain(segment) && isClean(segment) ? segment : "*"));
  return url.origin + segments.join("/");
}

function isPlain(segment: string): boolean {
  return segment.length <= SEGMENT_MAX && PLAIN.test(segment) && !NUMBER.test(segment) && !UUID.test(segment);
}
