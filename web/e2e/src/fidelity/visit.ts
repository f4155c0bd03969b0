/** A visit to a page by a browser that is recorded as any other is, with pictures of what it showed at marked moments. */

import type { Browser, Page } from "playwright-core";
import { AGENT } from "../browser";
import { HURRY } from "../leaks/record";
import { findRectangles, type Rectangle } from "./rectangles";

export const WINDOW = { width: 1280, height: 800 };
/** How long a page may go on moving before it is looked at all the same, and how long it must have been still otherwise. */
const RESTLESS_MS = 6000;
const STILL_MS = 400;
/** A pointer that rests here is over nothing that answers to it. */
const ASIDE = { x: 1279, y: 799 };
const STRANGERS = /^https?:\/\/(?!(?:localhost|127\.0\.0\.1):)/;

export interface Moment {
  name: string;
  /** What is done before it; nothing right after the page was loaded. */
  act?: (page: Page) => Promise<unknown>;
}

export interface Picture {
  moment: string;
  /** By the clock of the page, whose events are dated by it too. */
  at: number;
  image: Buffer;
  rectangles: Rectangle[];
}

// What is drawn moves until its animations have ended and nothing of the tree changed for a while.
const STILL = `new Promise((still) => {
  const end = performance.now() + ${RESTLESS_MS};
  let changed = performance.now();
  const watch = new MutationObserver(() => { changed = performance.now(); });
  watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const look = () => {
    const moving = document.getAnimations().some((each) => each.playState === "running" && each.effect?.getComputedTiming().endTime !== Infinity);
    const now = performance.now();
    if (now > end || (!moving && now - changed > ${STILL_MS})) { watch.disconnect(); still(Date.now()); }
    else requestAnimationFrame(look);
  };
  look();
})`;

export async function visit(browser: Browser, url: string, snippet: string, moments: readonly Moment[]): Promise<Picture[]> {
  const context = await browser.newContext({ viewport: WINDOW, userAgent: AGENT, reducedMotion: "reduce", bypassCSP: true, serviceWorkers: "block" });
  const page = await context.newPage();
  await page.addInitScript({ content: HURRY });
  // Fonts do not travel: page and replay are both measured with those of the machine. Nothing is asked of strangers.
  await context.route(/.*/, async (route) => {
    const request = route.request();
    if (request.resourceType() === "font" || STRANGERS.test(request.url())) return route.abort();
    if (request.resourceType() !== "document") return route.continue();
    const answer = await route.fetch();
    const text = await answer.text();
    const place = /<head[^>]*>|<!doctype[^>]*>/i.exec(text);
    const after = place ? place.index + place[0].length : 0;
    return route.fulfill({ response: answer, body: text.slice(0, after) + snippet + text.slice(after) });
  });
  const taken = page.waitForResponse((answer) => answer.url().endsWith("/api/recording") && answer.request().method() === "POST");
  await page.goto(url, { waitUntil: "load" });
  await taken;
  const pictures: Picture[] = [];
  for (const { name, act } of moments) {
    await act?.(page);
    await page.mouse.move(ASIDE.x, ASIDE.y);
    const at = await page.evaluate<number>(STILL);
    const rectangles = await findRectangles(page);
    pictures.push({ moment: name, at, rectangles, image: await page.screenshot({ animations: "disabled", caret: "hide" }) });
  }
  await page.goto("about:blank");
  await context.close();
  return pictures;
}
