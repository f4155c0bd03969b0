/**
 * How long somebody waits for a recording, by the built server and a real browser: from a click in the list, and from an address in a
 * browser that was never here, to the first frame of one of 30 minutes; and from setting the timeline to the moment that was asked for,
 * anywhere in one of 60. The recordings pass the real gate. Prints one line of JSON and judges nothing.
 *
 * `npm run speed -w e2e`; TIMES is how often a recording is opened, SEEKS how many moments are asked for.
 */

import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { AGENT } from "../browser";
import { Caller } from "../caller";
import { openBrowser, signIn } from "../dashboard";
import { Server } from "../server";
import { until } from "../waiting";
import { makeLongVisit, type SentChunk } from "./long-visit";

const SITE = "shop.example";
const [TIMES, SEEKS] = [Number(process.env.TIMES ?? 15), Number(process.env.SEEKS ?? 100)];
const [OPENED, SOUGHT] = [30, 60];
const VIEWPORT = { viewport: { width: 1280, height: 900 } };
const PATIENCE_MS = 30_000;

interface Listed {
  recordings: { id: string; started_at: string; ended_at: string }[];
}

/** The style sheet that the pages of the visit are under: the UI's own, which is as large as such sheets are. */
async function readSheet(server: Server): Promise<string> {
  const page = await (await fetch(server.origin)).text();
  const [, path] = /href="(\/assets\/[^"]+\.css)"/.exec(page) ?? [];
  return (await fetch(server.origin + path)).text();
}

async function send(server: Server, chunk: SentChunk): Promise<void> {
  const headers = { "content-type": "text/plain", "user-agent": AGENT };
  const answer = await fetch(`${server.origin}/api/recording`, { method: "POST", headers, body: gzipSync(JSON.stringify(chunk)) });
  if (answer.status !== 202) throw new Error(`A chunk was answered ${answer.status}: ${await answer.text()}`);
}

/** Sends a visit of so many minutes, and gives back its recording's name once all of it is kept. */
async function record(server: Server, minutes: number, sheet: string): Promise<string> {
  const length = minutes * 60_000;
  for (const chunk of makeLongVisit(SITE, minutes, Date.now() - length, sheet, minutes)) await send(server, chunk);
  return until(
    `the recording of ${minutes} minutes to be kept`,
    async () => {
      const { recordings } = await Caller.owner(server).ask<Listed>("GET", `/api/sites/${SITE}/recordings`);
      return recordings.find((each) => Math.abs(Date.parse(each.ended_at) - Date.parse(each.started_at) - length) < 2000)?.id;
    },
    PATIENCE_MS,
  );
}

/** In the page: tells when the moment that was asked for last is painted. */
const WATCH = `
  whenShown = (turn) => new Promise((done) => {
    const look = () => {
      const screen = document.querySelector('[data-scene=shown]');
      if (!screen || screen.dataset.turn === turn) return;
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now())));
    };
    const watch = new MutationObserver(look);
    watch.observe(document, { attributes: true, childList: true, subtree: true });
    look();
  });
  firstShown = whenShown();`;

async function openContext(browser: Browser, server: Server): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext(VIEWPORT);
  await signIn(context, server.origin, server.owner.signIn);
  const page = await context.newPage();
  await page.addInitScript({ content: WATCH });
  return { context, page };
}

/** From the address, in a browser that has nothing of this server but a sign-in. */
async function timeAddress(browser: Browser, server: Server, id: string): Promise<number> {
  const { context, page } = await openContext(browser, server);
  await page.goto(`${server.origin}/${SITE}/recordings/${id}`, { waitUntil: "commit" });
  const shown = await page.evaluate<number>("firstShown");
  await context.close();
  return shown;
}

/** From a click in the list. */
async function timeClick(browser: Browser, server: Server, id: string): Promise<number> {
  const { context, page } = await openContext(browser, server);
  await page.goto(`${server.origin}/${SITE}/recordings`);
  await page.locator(`a[href$="/${id}"]`).waitFor();
  await page.waitForLoadState("networkidle");
  const took = await page.evaluate<number>(`{
    const begun = performance.now();
    document.querySelector('a[href$="/${id}"]').click();
    firstShown.then((shown) => shown - begun);
  }`);
  await context.close();
  return took;
}

/** Anywhere in a recording, in the order of a draw that is the same each time. */
async function timeSeeks(browser: Browser, server: Server, id: string): Promise<number[]> {
  const { context, page } = await openContext(browser, server);
  await page.goto(`${server.origin}/${SITE}/recordings/${id}`);
  await page.evaluate("firstShown");
  const times: number[] = [];
  for (let seek = 1; seek <= SEEKS; seek += 1) {
    // The golden ratio's multiples fall evenly and never twice beside one another.
    const share = (seek * 0.618_033_988_7) % 1;
    times.push(
      await page.evaluate<number>(`{
        const slider = document.querySelector('input[type=range]');
        const { turn } = document.querySelector('[data-scene]').dataset;
        const begun = performance.now();
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(slider, String(Math.round(${share} * Number(slider.max))));
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        whenShown(turn).then((shown) => shown - begun);
      }`),
    );
  }
  await context.close();
  return times;
}

function sumUp(times: number[]): { p50: number; p95: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1]!);
  return { p50: at(0.5), p95: at(0.95) };
}

const repeat = async (act: () => Promise<number>): Promise<number[]> => {
  const times: number[] = [];
  for (let each = 0; each < TIMES; each += 1) times.push(await act());
  return times;
};

const server = await Server.start([SITE]);
const browser = await openBrowser();
try {
  await Caller.owner(server).ask("PATCH", `/api/sites/${SITE}`, { recording: { on: true, text: "clear" } });
  const sheet = await readSheet(server);
  const [half, whole] = [await record(server, OPENED, sheet), await record(server, SOUGHT, sheet)];
  const opened = await repeat(() => timeClick(browser, server, half));
  const addressed = await repeat(() => timeAddress(browser, server, half));
  const sought = await timeSeeks(browser, server, whole);
  console.log(JSON.stringify({ open_ms: sumUp(opened), address_ms: sumUp(addressed), seek_ms: sumUp(sought), opens: TIMES, seeks: SEEKS }));
} finally {
  await browser.close();
  await server.stop();
}
