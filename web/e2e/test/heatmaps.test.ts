// Heatmaps as somebody who looks uses them, over a stand-in for the store of recordings.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { findViolations, overflowOf, settle } from "../src/axe";
import { openBrowser } from "../src/dashboard";
import { Heatmaps, rowsOf } from "../src/heatmaps";
import { numberOf } from "../src/page-events";
import { StandIn } from "../src/stand-in";
import { until } from "../src/waiting";

const SITE = "northwind.example";
const NEAR_PX = 2;
const BUTTON = "body:1>main:1>div:1>div:2>button:1";

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

const open = (search = "", site = SITE, look = {}) => Heatmaps.open(browser, `${server.origin}/${site}/heatmaps${search}`, look);

for (const screen of ["desktop", "phone"]) {
  test(`on a ${screen} a spot lies on its element, within ${NEAR_PX} pixels`, async () => {
    const heatmaps = await open(`?path=/&screen=${screen}`);
    await heatmaps.answer((answer) => ({ ...answer, clicks: [{ element: numberOf(BUTTON), x: 263, y: 588, clicks: 9, rage: 0, dead: 0 }] }));
    await heatmaps.page.reload();
    await heatmaps.drawn();
    const { warmest, point } = await heatmaps.measure("main .card:nth-of-type(2) button", [263, 588]);
    for (const axis of [0, 1]) assert.ok(Math.abs(warmest[axis]! - point[axis]!) <= NEAR_PX, `${warmest} for ${point}`);
    assert.deepEqual(heatmaps.complaints, []);
    await heatmaps.close();
  });
}

test("what is on an element that this page does not have is said, and not drawn", async () => {
  const heatmaps = await open("?path=/");
  await heatmaps.drawn();
  await heatmaps.page.getByText(/^11 clicks are on elements that this version of the page does not have/).waitFor();
  await heatmaps.table.getByText("Not to be seen in this version").waitFor();
  await heatmaps.close();
});

test("the table tells the figures of the picture, those with most first", async () => {
  const heatmaps = await open("?path=/");
  const clicks = [
    { element: numberOf(BUTTON), x: 500, y: 500, clicks: 20, rage: 3, dead: 1 },
    { element: numberOf("body:1>main:1>h1:1"), x: 100, y: 500, clicks: 60, rage: 0, dead: 6 },
    { element: numberOf(BUTTON), x: 300, y: 500, clicks: 20, rage: 0, dead: 0 },
  ];
  await heatmaps.answer((answer) => ({ ...answer, clicks }));
  await heatmaps.page.reload();
  await heatmaps.drawn();
  assert.deepEqual(await rowsOf(heatmaps.table), [
    ["Things that last h1", "60", "60%", "0", "6"],
    ["button", "40", "40%", "3", "1"],
  ]);
  await heatmaps.choose("Rage clicks");
  await until("only what was clicked in anger", async () => (await rowsOf(heatmaps.table)).length === 1);
  await heatmaps.close();
});

test("a row marks its element, and opens the recordings in which it happened, each at its moment", async () => {
  const heatmaps = await open("?path=/");
  await heatmaps.drawn();
  const row = heatmaps.table.getByRole("button").nth(1);
  await row.hover();
  await heatmaps.inside().locator(".layer > .mark").waitFor();
  await row.focus();
  await heatmaps.page.keyboard.press("Enter");
  const link = heatmaps.page.getByRole("region", { name: "Recordings in which this happened" }).getByRole("link").first();
  await link.waitFor();
  assert.match(heatmaps.page.url(), /[?&]spot=\d+/);
  assert.match((await link.getAttribute("href"))!, /\/recordings\/[0-9a-f]{16}\?t=12$/);
  await link.press("Enter");
  await heatmaps.page.getByRole("heading", { name: /^Recording of/ }).waitFor();
  await heatmaps.page.goBack();
  await heatmaps.page.getByRole("region", { name: "Recordings in which this happened" }).waitFor();
  assert.deepEqual(heatmaps.complaints, []);
  await heatmaps.close();
});

test("an element that is pressed in the picture is opened in the table", async () => {
  const heatmaps = await open("?path=/");
  await heatmaps.drawn();
  await heatmaps.press("main h1");
  await until("the spot", async () => new URL(heatmaps.page.url()).searchParams.get("spot") === String(numberOf("body:1>main:1>h1:1")));
  assert.equal(await heatmaps.table.getByRole("button", { expanded: true }).innerText(), "Things that last\nh1");
  await heatmaps.close();
});

test("layers, marks and spots ask for no heatmap anew, and neither does a way back to it", async () => {
  const heatmaps = await open("?path=/");
  await heatmaps.drawn();
  for (const layer of ["Rage clicks", "Dead clicks", "Moves", "Scroll depth", "Attention", "Clicks"]) await heatmaps.choose(layer);
  await heatmaps.drawn();
  await heatmaps.table.getByRole("button").first().click();
  await heatmaps.page.getByRole("region", { name: "Recordings in which this happened" }).getByRole("link").first().click();
  await heatmaps.page.getByRole("heading", { name: /^Recording of/ }).waitFor();
  await heatmaps.page.goBack();
  await heatmaps.drawn();
  assert.equal(heatmaps.asked.filter(({ pathname }) => pathname.endsWith("/heatmap")).length, 1);
  assert.equal(heatmaps.asked.filter(({ pathname }) => pathname.endsWith("/heatmap/recordings")).length, 1);
  await heatmaps.choose(/^Phone/);
  await until("the other screen", () => heatmaps.asked.filter(({ pathname }) => pathname.endsWith("/heatmap")).length === 2);
  await heatmaps.close();
});

test("filters and the period go along with every question", async () => {
  const heatmaps = await open("?path=/&period=2026-10-01_2026-10-31&f=is:country:DE,FR&f=contains:source:news");
  await heatmaps.drawn();
  await heatmaps.table.getByRole("button").first().click();
  await heatmaps.page.getByRole("region", { name: "Recordings in which this happened" }).waitFor();
  await until("all three questions", () => heatmaps.asked.length >= 3);
  for (const { searchParams, pathname } of heatmaps.asked) {
    assert.deepEqual(JSON.parse(searchParams.get("filters")!), [["is", "visit:country", ["DE", "FR"]], ["contains", "visit:source", ["news"]]], pathname);
    assert.deepEqual([searchParams.get("from"), searchParams.get("to")], ["2026-10-01", "2026-10-31"], pathname);
  }
  await heatmaps.close();
});

test("a page is searched and chosen, or a pattern is written, with the keyboard alone", async () => {
  const heatmaps = await open();
  await heatmaps.drawn();
  const { keyboard } = heatmaps.page;
  const shown = (page: string) => heatmaps.page.getByRole("button", { name: `Page: ${page}`, exact: true });
  await shown("/").focus();
  await keyboard.press("Enter");
  await heatmaps.page.getByRole("option", { name: /^\/kitchen/ }).waitFor();
  await keyboard.type("kit");
  await keyboard.press("Enter");
  await shown("/kitchen").waitFor();
  await shown("/kitchen").press("Enter");
  await heatmaps.page.getByRole("option").first().waitFor();
  await keyboard.type("/c*");
  await heatmaps.page.getByRole("option", { name: "All pages that fit /c*" }).waitFor();
  await keyboard.press("Enter");
  await shown("/c*").waitFor();
  assert.equal(new URL(heatmaps.page.url()).searchParams.get("path"), "/c*");
  await heatmaps.drawn();
  await heatmaps.close();
});

test("two sides have each their own page, screen and filters, and are in the address", async () => {
  const heatmaps = await open("?path=/");
  await heatmaps.drawn();
  await heatmaps.page.getByRole("button", { name: "Compare" }).click();
  await heatmaps.drawn(2);
  const right = heatmaps.page.getByRole("region", { name: "Right side" });
  await right.getByRole("button", { name: /^Tablet/ }).click();
  await right.getByRole("button", { name: "Page: /" }).click();
  await heatmaps.page.getByRole("option", { name: /^\/kitchen/ }).click();
  await right.getByRole("button", { name: "Page: /kitchen" }).waitFor();
  const { searchParams } = new URL(heatmaps.page.url());
  assert.deepEqual(["path", "beside", "path2", "screen2"].map((key) => searchParams.get(key)), ["/", "true", "/kitchen", "tablet"]);
  await heatmaps.page.goto(`${heatmaps.page.url()}&f2=is:country:DE`);
  await heatmaps.drawn(2);
  const last = (side: string) => heatmaps.asked.filter((url) => url.pathname.endsWith("/heatmap") && url.searchParams.get("page") === side).at(-1)!.searchParams;
  assert.equal(last("/").get("filters"), null);
  assert.equal(last("/").get("screen"), "desktop");
  assert.equal(last("/kitchen").get("filters"), '[["is","visit:country",["DE"]]]');
  assert.equal(last("/kitchen").get("screen"), "tablet");
  await heatmaps.page.getByRole("button", { name: "Show one only" }).click();
  await heatmaps.drawn(1);
  assert.equal(new URL(heatmaps.page.url()).search, "?path=/");
  assert.deepEqual(heatmaps.complaints, []);
  await heatmaps.close();
});

test("where there is nothing to show it is said why, and what can be done", async () => {
  for (const [search, site, text, action] of [
    ["", "new.example", "This site records nothing", "Site settings"],
    ["?f=is:country:XX", SITE, "No recording of this period fits the filters.", "Clear the filters"],
    ["?path=/blog/*", SITE, "Nobody saw /blog/* on a desktop.", "Phone 55"],
    ["?path=/old", SITE, "These recordings do not tell where on the page things happened", undefined],
    ["?path=/nowhere", SITE, "Nobody who was recorded saw /nowhere.", undefined],
  ] as const) {
    const heatmaps = await open(search, site);
    await heatmaps.page.getByRole("heading", { name: text }).waitFor();
    if (action) await heatmaps.page.getByRole(action === "Site settings" ? "link" : "button", { name: action }).last().waitFor();
    await heatmaps.close();
  }
});

test("a heatmap that cannot be had is said so, and is asked for again on request alone", async () => {
  const heatmaps = await open();
  await heatmaps.drawn();
  await heatmaps.page.route(/\/heatmap\?/, (route) => route.fulfill({ status: 503, json: { error: "the store is restarting" } }), { times: 1 });
  await heatmaps.page.reload();
  await heatmaps.page.getByRole("alert").getByText("the store is restarting").waitFor();
  await heatmaps.page.getByRole("button", { name: "Try again" }).click();
  await heatmaps.drawn();
  await heatmaps.close();
});

for (const width of [360, 1600]) {
  for (const scheme of ["light", "dark"] as const) {
    test(`axe finds nothing on heatmaps, ${scheme}, ${width} pixels wide, and nothing is cut off`, async () => {
      for (const search of ["?path=/", "?path=/&layer=scroll", "?path=/&beside=true&screen2=phone"]) {
        const heatmaps = await open(search, SITE, { width, scheme });
        await heatmaps.drawn(search.includes("beside") ? 2 : 1);
        await settle(heatmaps.page);
        assert.deepEqual(await findViolations(heatmaps.page), [], search);
        assert.equal(await overflowOf(heatmaps.page), 0, search);
        await heatmaps.close();
      }
    });
  }
}
