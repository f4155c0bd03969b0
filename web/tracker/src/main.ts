/**
 * The script on measured pages. It must never break the page it is on, write to the browser without leave, or send
 * anything before the page was seen.
 */

import { readClick } from "./clicks";
import { flush, send } from "./delivery";
import { consent } from "./identity";
import { isSilent } from "./silence";
import { isNotFound, loadRecorder } from "./snippet";
import { attend, beginView, endView, measureDepth, route } from "./view";

interface EventOptions {
  properties?: Record<string, unknown>;
  revenue?: { amount: number | string; currency: string };
  interactive?: boolean;
}
type Command = [what: string, name: string, options?: EventOptions];
interface Candor {
  (...command: Command): void;
  /** Commands given before the script was there. */
  q?: Command[];
  /** Set by the script itself: a second copy on the page keeps still. */
  on?: 1;
}

const page = window as unknown as { candor?: Candor };

/** Events that came before the page was seen; nothing once it was. */
let held: (() => void)[] | undefined = [];

function candor(...[what, name, options]: Command): void {
  const track = () => send({ n: name, p: options?.properties, $: options?.revenue, i: options?.interactive });
  if (what == "consent") consent(name);
  else if (what == "event") {
    if (held) held.push(track);
    else track();
  }
}

/**
 * Begins once the page is seen: a prerendered page, or a tab opened behind others, may never be. Chromium makes a
 * prerendered page visible a moment before it says that it is no longer prerendering, and marks what it sends till then.
 */
function begin(): void {
  if (document.hidden || (document as { prerendering?: boolean }).prerendering) return;
  beginView();
  held?.forEach((track) => track());
  held = undefined;
  const [load] = performance.getEntriesByType("navigation") as { responseStatus?: number }[];
  if (isNotFound || load?.responseStatus == 404) send({ n: "404", p: { path: location.pathname }, i: false });
  if (!isSilent()) loadRecorder();
}

/** Hears events, before the page may stop them, and lets the first one after the page was seen begin the view. */
function on(types: string, then: (event: Event) => void): void {
  for (const type of types.split(" ")) {
    addEventListener(type, (event) => (held ? begin() : then(event)), true);
  }
}

if (!page.candor?.on) {
  const early = page.candor?.q;
  page.candor = candor;
  page.candor.on = 1;
  early?.forEach((command) => candor(...command));

  for (const name of ["pushState", "replaceState"] as const) {
    const change = history[name];
    history[name] = function (...state) {
      change.apply(this, state);
      if (!held) route();
    };
  }
  on("popstate hashchange", route);
  on("scroll", measureDepth);
  on("visibilitychange prerenderingchange focus blur", attend);
  on("pagehide", endView);
  on("visibilitychange pagehide online", flush);
  on("pageshow", (event) => {
    if ((event as PageTransitionEvent).persisted) beginView();
  });
  on("click auxclick submit", readClick);
  begin();
}
