/** Records one page of the adversarial site from its beginning to its end. */

import { type Browser, chromium, type Page } from "playwright-core";
import { AGENT, FLAGS, provideBrowser } from "../browser";
import { until } from "../waiting";
import type { Hands } from "./hands";
import type { Showing, Site } from "./site";
import type { Vector } from "./vectors";

/** The recorder's wait before it sends, made short: five seconds a page would be most of the test. */
export const HURRY = `{
  const later = setTimeout;
  window.setTimeout = (act, after, ...more) => later(act, after === 5000 ? 200 : after, ...more);
}`;
export const ALLOWED = { on: true, sample: 100, text: "clear", signals: "honour", idle_minutes: 5, length_minutes: 60 };

/** A browser that does not say that it is driven, also not in what a page sends while it goes: a driven one is not recorded. */
export function openPersonal(...further: string[]): Promise<Browser> {
  const silent = [`--user-agent=${AGENT}`, "--disable-blink-features=AutomationControlled"];
  return chromium.launch({ executablePath: provideBrowser(), args: [...FLAGS, ...silent, ...further] });
}

/** Opens a page of the site and waits until it is recorded. */
export async function openRecorded(site: Site, page: Page, showing: Showing): Promise<void> {
  site.show({ ...showing, settings: showing.settings ?? ALLOWED });
  await page.addInitScript({ content: HURRY });
  await page.goto(site.origin);
  await page.bringToFront();
  await until("the first snapshot", () => site.snapshots > 0);
}

/** Has a page told of anew, then leaves it. */
export async function leaveRecorded(site: Site, page: Page): Promise<void> {
  const again = site.snapshotAgain();
  // A click on nothing is something to tell, so that a chunk goes whose answer asks for the snapshot.
  await page.mouse.move(700, 500);
  await page.mouse.click(705, 505);
  await again;
  await page.goto("about:blank");
  await until("the end of the page", () => site.chunks.some(({ z }) => z));
}

/** The page is opened, recorded, acted on, told of anew in a second snapshot, and left. */
export async function record(site: Site, page: Page, vector: Vector, secret: string, hands: Hands): Promise<void> {
  const settings = { ...ALLOWED, ...vector.settings };
  await openRecorded(site, page, { html: vector.html(secret), snippet: vector.snippet?.(secret), settings });
  await vector.act?.(hands, secret);
  await leaveRecorded(site, page);
}
