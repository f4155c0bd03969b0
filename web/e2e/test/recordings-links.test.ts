// From the report to the recordings behind a row, from a recording to the others of its visitor, and the end of all of theirs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { openBrowser } from "../src/dashboard";
import { StandIn, Watching } from "../src/stand-in";
import { until } from "../src/waiting";

const SITE = "northwind.example";
/** A site of the stand-in that records nothing. */
const SILENT = "docs.northwind.example";

let browser: Browser;
let server: StandIn;
before(async () => {
  browser = await openBrowser();
  server = await StandIn.start();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const open = (path: string) => Watching.open(browser, `${server.origin}/${path}`);
const linesOf = ({ page }: Watching) => page.getByRole("list", { name: /^Recordings/ }).getByRole("listitem");

test("a page of the report leads to the recordings of its visits, in the same period and under the same filters", async () => {
  const watching = await open(`${SITE}?period=7d&f=is:device:Desktop`);
  const { page } = watching;
  const row = page.getByRole("region", { name: "Pages", exact: true }).locator("tbody tr").first();
  const path = (await row.getByRole("button").innerText()).trim();
  const asked = page.waitForRequest((request) => new URL(request.url()).pathname.endsWith("/recordings"));
  await row.hover();
  await row.getByRole("link", { name: `Recordings with ${path}` }).click();
  const query = new URL((await asked).url()).searchParams;
  assert.deepEqual(JSON.parse(query.get("filters")!), [
    ["is", "visit:device", ["Desktop"]],
    ["is", "event:page", [path]],
  ]);
  assert.ok(query.get("from"), "the period goes along");
  await page.getByRole("button", { name: `Page is ${path}`, exact: true }).waitFor();
  await page.goBack();
  await row.waitFor();
  assert.deepEqual(watching.complaints, []);
  await watching.close();
});

test("all pages lead there by keys alone", async () => {
  const watching = await open(`${SITE}?details=page`);
  const { page } = watching;
  const row = page.getByRole("dialog").getByRole("row").nth(1);
  await row.getByRole("button").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Recordings", level: 1 }).waitFor();
  assert.match(page.url(), /\/recordings\?f=is:page:/);
  await watching.close();
});

test("nothing leads to recordings of a site that makes none", async () => {
  const watching = await open(SILENT);
  const { page } = watching;
  await page.getByRole("region", { name: "Pages", exact: true }).locator("tbody tr").first().getByRole("button").waitFor();
  assert.equal(await page.getByRole("link", { name: /^Recordings with/ }).count(), 0);
  await watching.close();
});

test("a recording leads to the others of its visitor, and they back to those of everybody", async () => {
  const watching = await open(`${SITE}/recordings`);
  const { page } = watching;
  await linesOf(watching).first().waitFor();
  const all = await linesOf(watching).count();
  await linesOf(watching).first().getByRole("link").first().click();
  await watching.shown();
  await page.getByRole("link", { name: "Recordings of this visitor" }).click();
  await page.getByText("Of one visitor alone.").waitFor();
  await until("only theirs", async () => (await linesOf(watching).count()) < all);
  assert.ok((await linesOf(watching).count()) > 1);
  assert.equal(await page.getByRole("link", { name: "Recordings of this visitor" }).count(), 0);
  await page.getByRole("button", { name: "Show those of everybody" }).click();
  await until("all", async () => (await linesOf(watching).count()) === all);
  await linesOf(watching).nth(1).getByRole("link", { name: "Recordings of this visitor" }).click();
  await page.getByText("Of one visitor alone.").waitFor();
  assert.deepEqual(watching.complaints, []);
  await watching.close();
});

test("the recordings of one visitor lead to what is known of them, which is not asked for before", async () => {
  const watching = await open(`${SITE}/recordings`);
  const { page } = watching;
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await linesOf(watching).first().getByRole("link", { name: "Recordings of this visitor" }).click();
  const link = page.getByRole("link", { name: "What is known of them" });
  await link.hover();
  const visitor = new URL(page.url()).searchParams.get("visitor");
  assert.equal(await link.getAttribute("href"), `/${SITE}/visitors/${visitor}`);
  assert.deepEqual(asked.filter((path) => path.includes("/visitors/")), []);
  await link.click();
  await until("it is asked for", () => asked.includes(`/api/sites/${SITE}/visitors/${visitor}`));
  await watching.close();
});

test("whoever comes back from a recording finds the list as it was", async () => {
  const watching = await open(`${SITE}/recordings?period=7d&f=is:device:Desktop`);
  const { page } = watching;
  for (const leave of [() => page.keyboard.press("Escape"), () => page.getByRole("link", { name: "Recordings", exact: true }).click()]) {
    await linesOf(watching).first().getByRole("link").first().click();
    await watching.shown();
    await leave();
    await page.getByRole("button", { name: "Device is Desktop", exact: true }).waitFor();
    assert.match(page.url(), /period=7d/);
  }
  await watching.close();
});

test("of a recording that is only pointed at nothing is asked: that would be a look at it", async () => {
  const watching = await open(`${SITE}/recordings`);
  const { page } = watching;
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const link = (line: number) => linesOf(watching).nth(line).getByRole("link").first();
  for (const line of [0, 1, 2]) {
    await link(line).hover();
    await link(line).focus();
  }
  const id = (await link(2).getAttribute("href"))!.split("/").at(-1);
  await link(2).click();
  await watching.shown();
  const looked = asked.filter((path) => /\/recordings\/[0-9a-f]{16}$/.test(path) && path.startsWith("/api/"));
  assert.deepEqual(looked, [`/api/sites/${SITE}/recordings/${id}`]);
  await watching.close();
});

test("the arrows go from recording to recording, whichever link of a line is come to", async () => {
  const watching = await open(`${SITE}/recordings`);
  const { page } = watching;
  const link = (line: number) => linesOf(watching).nth(line).getByRole("link").first();
  await link(0).focus();
  await page.keyboard.press("ArrowDown");
  assert.ok(await link(1).evaluate((each) => each === document.activeElement));
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowUp");
  assert.ok(await link(0).evaluate((each) => each === document.activeElement));
  await watching.close();
});

test("all recordings of a visitor are removed once somebody says so in words", async () => {
  const watching = await open(`${SITE}/recordings`);
  const { page } = watching;
  await linesOf(watching).nth(2).getByRole("link", { name: "Recordings of this visitor" }).click();
  await page.getByText("Of one visitor alone.").waitFor();
  const visitor = new URL(page.url()).searchParams.get("visitor");
  await page.getByRole("button", { name: "Remove all of this visitor" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("nobody can bring them back").waitFor();
  const asked = page.waitForRequest((request) => request.method() === "DELETE");
  await dialog.getByRole("button", { name: "Remove all of this visitor" }).click();
  assert.equal(new URL((await asked).url()).searchParams.get("visitor"), visitor);
  await page.getByText(/recordings? (is|are) removed/).waitFor();
  await page.getByText(/^There is no recording of this visitor/).waitFor();
  assert.deepEqual(watching.complaints, []);
  await watching.close();
});
