/** A visit to a page by a browser that is recorded as any other is, with pictures of what it showed at marked moments. */

import type { Browser, Page } from "playwright-core";
import { AGENT } from "../browser";
import { HURRY } from "../leaks/record";
import { until } from "../waiting";
import { findRectangles, type Rectangle } from "./rectangles";

export const WINDOW = { width: 1280, height: 800 };
/**
 * How long a page may go on moving before it is looked at all the same, and how long it must have been still otherwise: longer than
 * the recorder holds changes back while something is entered.
 */
const RESTLESS_MS = 6000;
const STILL_MS = 1100;
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

/** Adds a snippet to a page as those do who may not write into it: a manager of tags, an extension. */
const bring = (snippet: string) => `if (window === top) addEventListener("DOMContentLoaded", () => {
  const script = document.createElement("script");
  for (const { name, value } of new DOMParser().parseFromString(${JSON.stringify(snippet)}, "text/html").scripts[0].attributes) script.setAttribute(name, value);
  document.head.append(script);
})`;

export async function visit(browser: Browser, url: string, snippet: string, moments: readonly Moment[]): Promise<Picture[]> {
  const context = await browser.newContext({ viewport: WINDOW, userAgent: AGENT, reducedMotion: "reduce", bypassCSP: true, serviceWorkers: "block" });
  const page = await context.newPage();
  await page.addInitScript({ content: HURRY + bring(snippet) });
  // Fonts do not travel: page and replay are both measured with those of the machine. Nothing is asked of strangers.
  await context.route(/.*/, (route) => {
    const request = route.request();
    if (request.resourceType() === "font" || STRANGERS.test(request.url())) return route.abort();
    return route.continue();
  });
  const said: string[] = [];
  page.on("console", (message) => message.type() === "error" && said.push(message.text()));
  let taken = 0;
  page.on("response", async (answer) => {
    if (!answer.url().endsWith("/api/recording")) return;
    if (answer.status() === 202) taken += 1;
    else said.push(`${answer.status()} ${await answer.text().catch(String)}`);
  });
  // Of a chunk that is taken nobody knows when it was begun; of the second one that it holds all that came before the first.
  const tell = async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      const before = taken;
      // Something to tell that changes nothing and is told wherever the pointer is.
      await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
      await until("what happened to be taken", () => taken > before).catch((error) => {
        throw new Error(`${error}\n${said.join("\n")}`);
      });
    }
  };
  await page.goto(url, { waitUntil: "load" });
  const pictures: Picture[] = [];
  for (const { name, act } of moments) {
    await act?.(page);
    await page.mouse.move(ASIDE.x, ASIDE.y);
    const at = await page.evaluate<number>(STILL);
    const rectangles = await findRectangles(page);
    pictures.push({ moment: name, at, rectangles, image: await page.screenshot({ animations: "disabled", caret: "hide" }) });
    await tell();
  }
  await context.close();
  return pictures;
}
