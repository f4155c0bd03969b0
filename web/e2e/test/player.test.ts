// The player as somebody who watches uses it, over a stand-in for the store of recordings.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { openBrowser } from "../src/dashboard";
import { type Recorded, recordVisit } from "../src/recorded";
import { StandIn, Watching } from "../src/stand-in";
import { until } from "../src/waiting";

const SITE = "northwind.example";
/** Five minutes of somebody who loses patience. */
const BUSY = "0000000000000000";

let browser: Browser;
let server: StandIn;
let visit: Recorded;
before(async () => {
  browser = await openBrowser();
  server = await StandIn.start();
  visit = await recordVisit(browser, "visit");
  server.add("visit", visit);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const player = (id: string, search = "") => Watching.open(browser, `${server.origin}/${SITE}/recordings/${id}${search}`);

test("what rrweb recorded is shown as it was: at the beginning, at the end, and back", async () => {
  const watching = await player("visit");
  await watching.shown();
  await watching.recorded.getByText("Kettles that last").waitFor();
  await watching.recorded.getByText("Nothing in the basket").waitFor();
  await watching.page.keyboard.press("9");
  await watching.page.getByRole("slider").focus();
  await watching.page.keyboard.press("End");
  await watching.recorded.getByText("2 in the basket").waitFor();
  // Into the first stretch again, past its end into the second.
  await watching.page.keyboard.press("0");
  await watching.recorded.getByText("Nothing in the basket").waitFor();
  assert.deepEqual(watching.complaints, []);
  await watching.close();
});

test("it plays to the end, over the border of two stretches, and stands still there", async () => {
  const watching = await player("visit");
  await watching.shown();
  await watching.page.getByRole("button", { name: "8×" }).click();
  await watching.page.getByRole("button", { name: "Play" }).click();
  await watching.recorded.getByText("2 in the basket").waitFor();
  await watching.page.getByRole("button", { name: "Play" }).waitFor();
  const { scenes } = visit.index;
  assert.equal(await watching.at(), scenes.at(-1)!.to - scenes[0]!.from);
  assert.deepEqual(watching.complaints, []);
  await watching.close();
});

test("the keys move through it, and leave it", async () => {
  const watching = await player(BUSY);
  await watching.shown();
  const { keyboard } = watching.page;
  for (const [key, at] of [
    ["ArrowRight", 5000],
    ["Shift+ArrowRight", 35_000],
    ["l", 45_000],
    ["j", 35_000],
    ["ArrowLeft", 30_000],
    ["Shift+ArrowLeft", 0],
    ["ArrowLeft", 0],
  ] as const) {
    await keyboard.press(key);
    await until(`${key} to lead to ${at}`, async () => (await watching.at()) === at);
  }
  await keyboard.press("5");
  const half = await until("the middle", () => watching.at());
  assert.ok(half > 100_000, String(half));
  await keyboard.press("k");
  await watching.page.getByRole("button", { name: "Pause" }).waitFor();
  await until("it to play", async () => (await watching.at()) > half);
  await watching.page.locator("h1").click();
  await keyboard.press("Space");
  await watching.page.getByRole("button", { name: "Play" }).waitFor();
  await keyboard.press("Escape");
  await watching.page.getByRole("list", { name: /^Recordings/ }).waitFor();
  assert.deepEqual(watching.complaints, []);
  await watching.close();
});

test("an address leads to its moment, and the address of a moment is copied", async () => {
  const watching = await player(BUSY, "?t=90");
  await watching.shown();
  assert.equal(await watching.at(), 90_000);
  await watching.page.keyboard.press("ArrowRight");
  await until("the next moment", async () => (await watching.at()) === 95_000);
  await watching.page.getByRole("button", { name: /^Copy address/ }).click();
  await watching.page.getByText("The address of 1:35 is copied").waitFor();
  assert.equal(await watching.page.evaluate(() => navigator.clipboard.readText()), `${server.origin}/${SITE}/recordings/${BUSY}?t=95`);
  await watching.close();
});

test("rage and dead clicks, errors and pages are listed, and each leads to its moment", async () => {
  const watching = await player(BUSY);
  await watching.shown();
  const happenings = watching.page.getByRole("region", { name: "What happened" });
  for (const name of [/^Rage click, 4 times/, /^Dead click/, /^Error/, /^\/kitchen/]) await happenings.getByRole("button", { name }).first().waitFor();
  await happenings.getByRole("button", { name: /^\/kitchen/ }).first().click();
  await watching.recorded.getByText("Kitchen").first().waitFor();
  await until("its moment", async () => (await watching.at()) === 100_000);
  await watching.close();
});

test("quiet is leapt over, unless somebody wants to see it", async () => {
  const watching = await player(BUSY);
  await watching.shown();
  await watching.page.getByText("parts are read").waitFor({ state: "detached" });
  const error = watching.page.getByRole("button", { name: /^Error/ }).first();
  await error.click();
  await until("the error", async () => (await watching.at()) > 100_000);
  const before = await watching.at();
  await watching.page.getByRole("button", { name: "Play" }).click();
  // Some 28 seconds of nothing follow within seconds.
  await until("the leap", async () => (await watching.at()) > before + 25_000);
  await watching.close();
});

test("what cannot be loaded is said, and what comes after it can be gone to", async () => {
  const watching = await Watching.open(browser, `${server.origin}/${SITE}/recordings`);
  let first: string | undefined;
  await watching.page.route(/0000000000000000\/events/, (route) => {
    first ??= route.request().url();
    return route.request().url() === first ? route.fulfill({ status: 503, json: { error: "the store is restarting" } }) : route.continue();
  });
  await watching.page.getByRole("list", { name: /^Recordings/ }).getByRole("link").first().click();
  await watching.page.getByText("This part cannot be shown").waitFor();
  await watching.page.getByRole("button", { name: "Go on after it" }).click();
  await watching.recorded.getByText("Northwind").first().waitFor();
  await watching.close();
});
