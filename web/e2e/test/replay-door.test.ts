// The player as the real server serves it: its own page, its own door for recordings, its own policies on both.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { openBrowser, signIn } from "../src/dashboard";
import { type Recorded, recordVisit } from "../src/recorded";
import { Server } from "../src/server";
import { Watching } from "../src/stand-in";

const SITE = "shop.example";

let browser: Browser;
let server: Server;
let visit: Recorded;
before(async () => {
  browser = await openBrowser();
  server = await Server.start([SITE]);
  visit = await recordVisit(browser, "visit");
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("a recording plays at the server's own origin for it, and neither page complains", async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await signIn(context, server.origin, server.owner.signIn);
  await context.route(`**/api/sites/${SITE}/recordings/visit`, (route) => route.fulfill({ json: visit.index }));
  await context.route(`**/api/sites/${SITE}/recordings/visit/events?*`, (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get("from"));
    return route.fulfill({ contentType: "application/x-ndjson", body: visit.eventsFrom(from) });
  });
  const watching = await Watching.over(context, `${server.origin}/${SITE}/recordings/visit`);
  await watching.shown();
  await watching.recorded.getByText("Kettles that last").waitFor();
  const frames = watching.page.frames().map((frame) => new URL(frame.url()).origin);
  const door = `http://127.0.0.1:${Number(new URL(server.origin).port) + 3}`;
  assert.deepEqual(frames, [server.origin, door, "null"]);
  // Of the cookie of whoever watches the frame knows nothing.
  assert.equal(await watching.page.frames()[1]!.evaluate(() => document.cookie), "");
  assert.deepEqual(watching.complaints, []);
  assert.deepEqual(server.complaints, []);
  await watching.close();
});
