/**
 * Who the visitor is. Without consent (or the site's decision for `always`) nothing is ever written to the browser
 * and the event goes out without an id; the server then knows the visitor for one day only.
 */

import { isSilent } from "./silence";
import { identity } from "./snippet";
import { recall } from "./storage";

const KEY = "candor_visitor";

/**
 * A v4 UUID with 120 random bits. `crypto.randomUUID` exists on secure pages only, and not every measured page is one.
 */
export function randomId(): string {
  return "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, () =>
    (crypto.getRandomValues(new Uint8Array(1))[0]! & 15).toString(16),
  );
}

/** The visitor's id, if one may be used; read anew each time, because another tab may have withdrawn it. */
export function visitorId(): string | undefined {
  if (identity == "cookieless") return undefined;
  return (
    recall((storage) => {
      if (identity == "always") storage[KEY] ??= randomId();
      return storage[KEY];
    }) || undefined
  );
}

/** Takes the visitor's answer. Whatever is not "granted" is a refusal. */
export function consent(answer: string): void {
  recall((storage) => {
    if (answer == "granted") {
      if (identity != "cookieless" && !isSilent()) storage[KEY] ||= randomId();
    } else if (identity == "always") {
      // The empty value tells no one apart and keeps the next page from making a new id.
      storage[KEY] = "";
    } else storage.removeItem(KEY);
  });
}
