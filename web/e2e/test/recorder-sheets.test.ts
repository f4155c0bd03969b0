// A style sheet that three visits were shown is named by the next one, in a real browser, and is in its recording all the same.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { AGENT } from "../src/browser";
import { Caller } from "../src/caller";
import { type Served, serveFolders } from "../src/fidelity/folder";
import { HURRY, openPersonal } from "../src/leaks/record";
import { Server } from "../src/server";
import { until } from "../src/waiting";

const SITE = "shop.example";
const PATIENCE_MS = 30_000;
const RULES = Array.from({ length: 400 }, (_, at) => `.c${at} { margin: ${at}px }`);

let server: Server;
let visitors: Browser;
let pages: Served;
before(async () => {
  server = await Server.start([SITE]);
  await Caller.owner(server).ask("PATCH", `/api/sites/${SITE}`, { recording: { on: true, text: "clear" } });
  visitors = await openPersonal();
  const snippet = `<script defer src="${server.origin}/c.js" data-site="${SITE}" data-recording></script>`;
  pages = await serveFolders([], { "/kettles.html": `<!doctype html><title>Kettles</title>${snippet}<style>${RULES.join("\n")}</style><p>Kettles` });
});
after(async () => {
  await visitors?.close();
  pages?.close();
  await server?.stop();
});

/** The first chunk of a visit as it was sent, once it was taken. */
async function visit(): Promise<string> {
  const context = await visitors.newContext({ userAgent: AGENT });
  const page = await context.newPage();
  await page.addInitScript({ content: HURRY });
  let sent: Buffer | undefined;
  let isTaken = false;
  // A browser tells what is in a request only where it is held.
  await page.route(`${server.origin}/api/recording`, (route) => {
    sent ??= route.request().postDataBuffer() ?? undefined;
    return route.continue();
  });
  page.on("response", (answer) => {
    if (answer.url() === `${server.origin}/api/recording` && answer.status() === 202) isTaken = true;
  });
  await page.goto(`${pages.origin}/kettles.html`);
  const chunk = await until("a chunk to be taken", () => (isTaken ? sent : undefined), PATIENCE_MS);
  await context.close();
  return gunzipSync(chunk).toString();
}

interface Listed {
  recordings: { id: string }[];
}

test("a sheet that three visits were shown is named by the next, and is in its recording", async () => {
  for (let number = 0; number < 3; number += 1) assert.match(await visit(), /\.c399\s*\{/);
  const named = await visit();
  assert.match(named, /"_cssText":"@sheet [\w-]{22}"/);
  assert.doesNotMatch(named, /\.c399\s*\{/);
  const owner = Caller.owner(server);
  const newest = await until(
    "four recordings",
    async () => {
      const { recordings } = await owner.ask<Listed>("GET", `/api/sites/${SITE}/recordings`);
      return recordings.length === 4 ? recordings[0] : undefined;
    },
    PATIENCE_MS,
  );
  const events = await owner.tryAsk("GET", `/api/sites/${SITE}/recordings/${newest.id}/events`);
  assert.match(await events.text(), /\.c399\s*\{/);
  assert.deepEqual(server.complaints, []);
});
