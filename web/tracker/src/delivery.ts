/**
 * Sends events and sends again what did not arrive. An event keeps its id over all attempts, so the server counts it
 * once, however often it comes. No header is set and no cookie wanted: the request needs no preflight.
 */

import { randomId, visitorId } from "./identity";
import { isSilent } from "./silence";
import { endpoint, isHashRouted, site } from "./snippet";

/** The wire format: Plausible's short keys, then ours. `undefined` is left out. */
export interface WireEvent {
  /** name */
  n: string;
  /** version of this format */
  v?: 1;
  /** domain of the site */
  d?: string;
  /** URL of the page */
  u?: string;
  /** referrer */
  r?: string;
  /** properties */
  p?: object;
  /** interactive; absent means true */
  i?: boolean;
  /** revenue */
  $?: object;
  /** 1 where the fragment is part of the path */
  h?: 1;
  /** scroll depth in percent */
  sd?: number;
  /** milliseconds engaged */
  e?: number;
  /** screen */
  s?: string;
  /** id of the event */
  id?: string;
  /** id of the visitor */
  visitor?: string;
  /** when it happened, on an event that comes late; a first attempt is timed by the server's better clock */
  t?: number;
}

const RETRIES_MAX = 6;
const WAITING_MAX = 50;

/** What failed and waits for its next attempt; calling one makes that attempt at once. */
const waiting = new Set<() => void>();

/** Sends an event of the page as it is now, but for what the caller knows better, and gives back what is sent. */
export function send(known: WireEvent): WireEvent {
  const event: WireEvent = {
    v: 1,
    d: site,
    u: location.href,
    r: document.referrer || undefined,
    s: screen.width + "x" + screen.height,
    h: isHashRouted ? 1 : undefined,
    id: randomId(),
    ...known,
  };
  deliver(event);
  return event;
}

/** Makes every waiting attempt now: the page is about to go, or the network is back. */
export function flush(): void {
  waiting.forEach((attempt) => attempt());
}

async function deliver(event: WireEvent, happened = Date.now(), attempt = 0): Promise<void> {
  if (isSilent()) return;
  // Whose event it is was settled when it was first tried: it never gains an id, but loses one that was withdrawn.
  if (!("visitor" in event) || event.visitor) event.visitor = visitorId();
  const body = JSON.stringify(event);
  try {
    const { status } = await fetch(endpoint, { method: "POST", keepalive: true, body });
    if (status < 500 && status != 429) return;
  } catch {
    // No network, or no server: the same as one that is not ready.
  }
  if (attempt < RETRIES_MAX && waiting.size < WAITING_MAX) {
    const again = () => {
      if (waiting.delete(again)) deliver({ ...event, t: happened }, happened, attempt + 1);
    };
    waiting.add(again);
    // 0.5 to 1 s, then four times as long each time; the spread keeps pages from coming back all at once.
    setTimeout(again, 4 ** attempt * 500 * (1 + Math.random()));
  }
}
