// A heatmap from end to end: clicked on a page, recorded by its script, judged at the door, counted, and drawn where it was.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { AGENT } from "../src/browser";
import { Caller } from "../src/caller";
import { openBrowser, signIn } from "../src/dashboard";
import { rowsOf } from "../src/heatmaps";
import { type Served, serveFolders } from "../src/fidelity/folder";
import { HURRY, openPersonal } from "../src/leaks/record";
import { numberOf } from "../src/page-events";
import { Server } from "../src/server";
import { until } from "../src/waiting";

const SITE = "shop.example";
const PATIENCE_MS = 30_000;
const CLICKS = 3;

let server: Server;
let visitors: Browser;
let watchers: Browser;
let pages: Served;
before(async () => {
  server = await Server.start([SITE]);
  visitors = await openPersonal();
  watchers = await openBrowser();
  const snippet = `<script defer src="${server.origin}/c.js" data-site="${SITE}" data-recording></script>`;
  const html = `<!doctype html><title>Kettles</title>${snippet}<style>body { height: 3000px }</style>
    <main><h1>Kettles that last</h1><p id=offer>A kettle for life</p></main>`;
  pages = await serveFolders([], { "/kettles.html": html });
});
after(async () => {
  await visitors?.close();
  await watchers?.close();
  pages?.close();
  await server?.stop();
});

interface Told {
  views: number;
  clicks: { element: number; clicks: number }[];
  reached: number[];
  background?: { page?: number };
}

test("what was clicked on a page is on the same element of its heatmap", async () => {
  const owner = Caller.owner(server);
  await owner.ask("PATCH", `/api/sites/${SITE}`, { recording: { on: true, text: "clear" } });
  const context = await visitors.newContext({ userAgent: AGENT, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript({ content: HURRY });
  let taken = 0;
  page.on("response", (answer) => {
    if (answer.url() === `${server.origin}/api/recording` && answer.status() === 202) taken += 1;
  });
  await page.goto(`${pages.origin}/kettles.html`);
  await until("the page to be taken", () => taken > 0, PATIENCE_MS);
  for (let click = 0; click < CLICKS; click += 1) await page.locator("#offer").click();
  await page.mouse.wheel(0, 2_500);
  await page.goto("about:blank");

  const heatmap = await until(
    "the clicks in the heatmap",
    async () => {
      const told = await owner.ask<Told>("GET", `/api/sites/${SITE}/heatmap?page=/kettles.html&screen=desktop&period=day`);
      return told.clicks.length > 0 ? told : undefined;
    },
    PATIENCE_MS,
  );
  const offer = numberOf("body:1>main:1>p:1");
  assert.deepEqual([heatmap.views, heatmap.clicks.map(({ element, clicks }) => [element, clicks])], [1, [[offer, CLICKS]]]);
  assert.ok(heatmap.reached[0] === 1 && heatmap.background?.page !== undefined && heatmap.background.page >= 3_000);

  const watching = await watchers.newContext({ viewport: { width: 1440, height: 900 } });
  await signIn(watching, server.origin, server.owner.signIn);
  const screen = await watching.newPage();
  await screen.goto(`${server.origin}/${SITE}/heatmaps?path=/kettles.html`);
  const table = screen.getByRole("table").first();
  await table.getByText("A kettle for life").waitFor();
  assert.deepEqual((await rowsOf(table)).map((row) => row.slice(0, 2)), [["A kettle for life p", String(CLICKS)]]);
  if (process.env.CANDOR_PICTURES) await screen.screenshot({ path: `${process.env.CANDOR_PICTURES}/heatmap-whole.png` });
  await watching.close();
  assert.deepEqual(server.complaints, []);
});
