/** A visit of a small page, recorded by rrweb's own recorder in a real browser: what the player is asked to show. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Browser } from "playwright-core";

interface RecordedEvent {
  type: number;
  timestamp: number;
  data: { source?: number; [key: string]: unknown };
}

const PAGE = `<!doctype html><html lang="en"><head><title>Shop</title>
<style>body{font:18px sans-serif;margin:40px}main{height:2400px}.in{color:green}</style></head><body><main>
<h1>Kettles that last</h1><p id="count">Nothing in the basket</p>
<button id="buy" type="button">Buy</button><p id="still">Nobody answers here</p></main>
<script>
  let count = 0;
  document.getElementById("buy").onclick = () => {
    const line = document.getElementById("count");
    line.textContent = ++count + " in the basket";
    line.className = "in";
  };
</script></body></html>`;
const META = 4;

/** What the stand-in server serves: the index, and the events of each stretch. */
export interface Recorded {
  index: Record<string, unknown> & { scenes: { from: number; to: number }[] };
  eventsFrom: (at: number) => string | undefined;
}

/** Buys twice, scrolls, and presses in vain. Between the two the recorder takes a second snapshot. */
export async function recordVisit(browser: Browser, id: string): Promise<Recorded> {
  const folder = dirname(createRequire(import.meta.url).resolve("@rrweb/record"));
  const context = await browser.newContext({ viewport: { width: 900, height: 600 } });
  const page = await context.newPage();
  await page.route("http://shop.example/", (route) => route.fulfill({ contentType: "text/html", body: PAGE }));
  await page.goto("http://shop.example/");
  await page.evaluate(readFileSync(join(folder, "record.umd.min.cjs"), "utf8"));
  // As text, since what turns TypeScript into functions leaves marks in them that no page knows.
  await page.evaluate("events = []; rrwebRecord.record({ emit: (event) => events.push(event) })");
  await page.click("#buy");
  await page.evaluate("rrwebRecord.record.takeFullSnapshot()");
  await page.click("#buy");
  await page.mouse.wheel(0, 700);
  await page.waitForFunction("scrollY > 600 && events.some(({ data }) => data.source === 3)");
  const events = await page.evaluate<RecordedEvent[]>("events");
  await context.close();
  return asRecording(id, events);
}

function asRecording(id: string, events: RecordedEvent[]): Recorded {
  const stretches: RecordedEvent[][] = [];
  for (const event of events) {
    if (event.type === META) stretches.push([]);
    stretches.at(-1)?.push(event);
  }
  const scenes = stretches.map((stretch) => ({ page: "page", from: stretch[0]!.timestamp, to: stretch.at(-1)!.timestamp, bytes: 1, playable: true }));
  const [from, to] = [scenes[0]!.from, events.at(-1)!.timestamp];
  const visitor = { visitor: "", country: "DE", browser: "Chrome", os: "Linux", device: "Desktop" };
  const recording = { id, started_at: new Date(from).toISOString(), ended_at: new Date(to).toISOString(), pages: 1, clicks: 2, bytes: 1, gaps: 0, ...visitor };
  const pages = [{ id: "page", path: "/", from, to, width: 900, height: 600, ended: true }];
  return {
    index: { recording, pages, scenes, gaps: [], checked: { version: 1, counts: {} } },
    eventsFrom: (at) => stretches.filter(([first]) => first!.timestamp <= at).at(-1)?.map((event) => JSON.stringify(event)).join("\n"),
  };
}
