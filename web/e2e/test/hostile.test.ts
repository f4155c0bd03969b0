// Whatever strangers write into events is text on the dashboard, and nothing else.

import assert from "node:assert/strict";
import { createServer, type Server as HttpServer } from "node:http";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { Dashboard, openBrowser } from "../src/dashboard";
import { type Harm, Watch } from "../src/harm";
import { Server } from "../src/server";
import { strings } from "../src/strings";
import { until } from "../src/waiting";

const SITE = "victim.example";
const LISTS = ["page", "entry", "exit", "source", "campaign", "referrer", "utm_source", "medium", "content", "term", "event", "browser"];

let server: Server;
let browser: Browser;
let policy: string;
before(async () => {
  server = await Server.start([SITE]);
  browser = await openBrowser();
  policy = (await fetch(`${server.origin}/${SITE}`)).headers.get("content-security-policy") ?? "";
  for (const [index, { text }] of strings.entries()) await sendEverywhere(text, `203.0.${index >> 8}.${index & 255}`);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** One visitor who says the same thing with every field an event has. */
async function sendEverywhere(text: string, address: string): Promise<void> {
  const said = encodeURIComponent(text);
  const tags = ["source", "medium", "campaign", "content", "term"].map((tag) => `utm_${tag}=${said}`).join("&");
  const headers = {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "accept-language": "en",
    "x-forwarded-for": address,
    "x-forwarded-proto": "https",
  };
  const page = { d: SITE, u: `http://${SITE}/${said}?${tags}`, r: `http://hostile.example/${said}`, s: text, p: { [text]: text, text } };
  for (const n of ["pageview", text]) {
    const answer = await server.send({ ...page, n }, headers);
    assert.ok([202, 400].includes(answer.status), `${answer.status} for ${text}`);
  }
}

/** A page that writes what it is given into its markup, with or without a policy. */
async function openVulnerable(body: string, headers: Record<string, string>): Promise<{ origin: string; http: HttpServer }> {
  const http = createServer((_, answer) => answer.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers }).end(body));
  await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
  return { origin: `http://127.0.0.1:${(http.address() as { port: number }).port}`, http };
}

async function harmOf(text: string, headers: Record<string, string> = {}): Promise<Harm[]> {
  const { origin, http } = await openVulnerable(`<!doctype html><title>Canary</title><main>${text}</main>`, headers);
  const page = await (await browser.newContext()).newPage();
  try {
    const watch = await Watch.over(page, origin);
    await page.goto(origin, { waitUntil: "load" }).catch(() => undefined);
    await until("harm", () => watch.harm.length > 0, 1_500).catch(() => undefined);
    return watch.harm;
  } finally {
    await page.context().close();
    http.closeAllConnections();
    http.close();
  }
}

/** Techniques a browser is known to fall for, each seen by another sense of the watch. */
const canaries: [string, Harm["kind"]][] = [
  ["script element", "ran"],
  ["image that fails", "ran"],
  ["svg onload", "ran"],
  ["details toggle", "ran"],
  ["input focus", "ran"],
  ["title breakout", "ran"],
  ["mutation through svg style", "ran"],
  ["frame with document", "frame"],
  ["image of another host", "elsewhere"],
  ["import in style", "elsewhere"],
  ["refresh elsewhere", "elsewhere"],
];
for (const [technique, kind] of canaries) {
  test(`a page that trusts its input falls for "${technique}", and is seen to`, async () => {
    const { text } = strings.find((hostile) => hostile.technique === technique)!;
    const harm = await harmOf(text);
    assert.ok(harm.some((seen) => seen.kind === kind), JSON.stringify(harm));
  });
}

test("the dashboard's own policy stops what a page that trusts its input would run, and reports it", async () => {
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  const harm = await harmOf("<script>trip()</script>", { "content-security-policy": policy });
  assert.deepEqual(new Set(harm.map(({ kind }) => kind)), new Set(["policy"]));
});

test("the dashboard of a site full of hostile strings runs none, calls no other host and breaks no policy", async () => {
  const dashboard = await Dashboard.open(browser, server, `/${SITE}?period=today`);
  await dashboard.drawn();
  for (const [panel, tabs] of Object.entries({ Pages: ["Entry pages", "Exit pages"], Sources: ["Channels", "Campaigns"] })) {
    for (const tab of tabs) {
      await dashboard.choose(panel, tab);
      await dashboard.row(panel, /./).first().hover();
    }
  }
  assert.deepEqual([dashboard.watch.harm, dashboard.watch.complaints, await dashboard.strangeLinks()], [[], [], []]);
  await dashboard.close();
});

/** Every name of an open list, which keeps only the rows in sight in the document. */
async function readNames(dashboard: Dashboard): Promise<Set<string>> {
  const table = dashboard.page.getByRole("dialog").getByRole("table");
  const names = table.getByRole("cell").getByRole("button");
  await names.first().waitFor();
  const seen = new Set<string>();
  for (let isEnd = false; !isEnd; ) {
    for (const name of await names.allTextContents()) seen.add(name);
    isEnd = await table.evaluate((box) => {
      const before = box.scrollTop;
      box.scrollTop += box.clientHeight;
      return new Promise<boolean>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(box.scrollTop === before))));
    });
  }
  return seen;
}

for (const list of LISTS) {
  test(`every hostile ${list} is text in its list, by pointer and by URL`, async () => {
    const dashboard = await Dashboard.open(browser, server, `/${SITE}?period=today&details=${list}`);
    await readNames(dashboard);
    await dashboard.page.getByRole("dialog").getByRole("cell").getByRole("button").first().click();
    await dashboard.page.waitForURL(new RegExp(`f=is:${list}:`));
    await dashboard.drawn();
    await dashboard.page.reload();
    await dashboard.drawn();
    assert.deepEqual([dashboard.watch.harm, dashboard.watch.complaints], [[], []]);
    await dashboard.close();
  });
}

test("every hostile event name that was accepted is shown as it was sent", async () => {
  const dashboard = await Dashboard.open(browser, server, `/${SITE}?period=today&details=event`);
  const shown = await readNames(dashboard);
  const { results } = await server.query({ site_id: SITE, date_range: "all", metrics: ["events"], dimensions: ["event:name"] });
  const known = results.map((row) => row.dimensions[0] ?? "");
  assert.deepEqual(known.filter((name) => !shown.has(name)), []);
  // Cleaning may trim or drop control characters; markup is not for it to change.
  for (const { text } of strings.filter((hostile) => /^[\x20-\x7e]+$/.test(hostile.text) && hostile.text.trim() === hostile.text)) {
    assert.ok(shown.has(text), `not shown: ${text}`);
  }
  await dashboard.close();
});

test("a hostile URL of the dashboard itself is text or nothing", async () => {
  const dashboard = await Dashboard.open(browser, server, `/${SITE}`);
  const perPage = 12;
  for (let first = 0; first < strings.length; first += perPage) {
    const said = strings.slice(first, first + perPage).map(({ text }) => encodeURIComponent(text));
    const filters = said.map((each) => `f=is:source:${each}&f=${each}`).join("&");
    const rest = ["period", "compare", "metric", "interval", "pages", "q", "sort", "page"].map((key, at) => `${key}=${said[at]}`).join("&");
    await dashboard.page.goto(`${server.origin}/${SITE}?${filters}&${rest}&details=source`);
    await dashboard.page.getByRole("dialog").waitFor();
    assert.deepEqual([said, dashboard.watch.harm, dashboard.watch.complaints], [said, [], []]);
  }
  await dashboard.close();
});

test("the server's log complains of nothing and has no line that a stranger wrote", () => {
  assert.deepEqual(server.complaints, []);
  assert.deepEqual(server.log.filter((line) => /forged|trip\(\)|hostile\.example/.test(line)), []);
});
