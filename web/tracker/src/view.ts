/**
 * One page view and what became of it: how long it was looked at (visible and focused) and how far it was scrolled.
 * An engagement event is sent when the visitor turns away, with the time since the view's last one.
 */

import { send, type WireEvent } from "./delivery";
import { isHashRouted } from "./snippet";

const ENGAGED_MS_MIN = 3_000;

/** The page view as it was sent: what is told of it later is of the same page and the same visitor. */
let view: WireEvent;
let place: string;
/** Since when the page has been looked at; 0 while it is not. */
let since = 0;
let engaged: number;
let bottom: number;
let reported: number;

function currentPlace(): string {
  return location.pathname + (isHashRouted ? location.hash : "");
}

export function beginView(): void {
  place = currentPlace();
  engaged = bottom = reported = since = 0;
  account();
  view = send({ n: "pageview" });
}

/** A navigation inside the page: the old view is told of before the new one begins. */
export function route(): void {
  if (place == currentPlace()) return;
  endView();
  beginView();
}

export function endView(): void {
  account();
  report();
}

/** Attention may have come or gone. Focus in a frame of the page is attention to the page. */
export function attend(): void {
  account();
  if (!since) report();
}

/** The deepest point seen, in percent of the page's present height: pages grow while they load. */
export function measureDepth(): number {
  const root = document.scrollingElement || document.body;
  bottom = Math.max(bottom, root.scrollTop + root.clientHeight);
  return Math.min(100, Math.round((bottom / root.scrollHeight) * 100)) || 0;
}

function account(): void {
  const now = performance.now();
  if (since) engaged += now - since;
  since = !document.hidden && document.hasFocus() ? now : 0;
}

function report(): void {
  const depth = measureDepth();
  if (depth > reported || engaged >= ENGAGED_MS_MIN) {
    send({ n: "engagement", u: view.u, visitor: view.visitor, sd: depth, e: Math.round(engaged) });
    reported = depth;
    engaged = 0;
  }
}
