// How long a page was looked at, and how far it was scrolled.

import { expect, test } from "vitest";
import { Page } from "./page";

const engagements = (page: Page) => page.bodies.filter((body) => body.n == "engagement").map(({ sd, e }) => ({ sd, e }));

test("a page that is hidden tells how long it was seen and how far", async () => {
  const page = await Page.open();
  await page.pass(5_000);
  page.scrollTo(400);
  page.scrollTo(0);
  page.setHidden(true);
  expect(engagements(page)).toEqual([{ sd: 75, e: 5_000 }]);
});

test("time out of sight or out of focus does not count", async () => {
  const page = await Page.open();
  await page.pass(1_000);
  page.setFocused(false);
  await page.pass(60_000);
  page.setFocused(true);
  await page.pass(4_000);
  page.setHidden(true);
  await page.pass(60_000);
  page.setHidden(false);
  await page.pass(3_000);
  page.hear("pagehide");
  expect(engagements(page)).toEqual([
    { sd: 50, e: 1_000 },
    { sd: 50, e: 4_000 },
    { sd: 50, e: 3_000 },
  ]);
});

test("short looks without scrolling add up until they are worth telling", async () => {
  const page = await Page.open();
  page.setFocused(false);
  for (let look = 0; look < 4; look += 1) {
    page.setFocused(true);
    await page.pass(1_000);
    page.setFocused(false);
  }
  expect(engagements(page)).toEqual([
    { sd: 50, e: 0 },
    { sd: 50, e: 3_000 },
  ]);
});

test("a page that is left is told of once, though the browser says so several times", async () => {
  const page = await Page.open();
  await page.pass(9_000);
  page.setFocused(false);
  page.hear("pagehide");
  page.setHidden(true);
  expect(engagements(page)).toEqual([{ sd: 50, e: 9_000 }]);
});

test("the old view is told of, at its own address, before the next one inside the page begins", async () => {
  const page = await Page.open({ url: "https://example.com/a" });
  await page.pass(4_000);
  page.scrollTo(800);
  page.window.history.pushState(null, "", "/b");
  page.scrollTo(0);
  await page.pass(6_000);
  page.hear("pagehide");
  expect(page.bodies.map(({ n, u, sd, e }) => [n, u, sd, e])).toEqual([
    ["pageview", "https://example.com/a", undefined, undefined],
    ["engagement", "https://example.com/a", 100, 4_000],
    ["pageview", "https://example.com/b", undefined, undefined],
    ["engagement", "https://example.com/b", 50, 6_000],
  ]);
});

test("depth is of the page's present height and never above 100", async () => {
  const page = await Page.open();
  page.setHeight(8_000);
  page.scrollTo(1_200);
  page.setFocused(false);
  page.setFocused(true);
  page.setHeight(16_000);
  await page.pass(3_000);
  page.setFocused(false);
  page.setFocused(true);
  page.setHeight(1_000);
  page.setFocused(false);
  expect(engagements(page).map(({ sd }) => sd)).toEqual([25, 13, 100]);
});

test("a page without any height is told of without an error", async () => {
  const page = await Page.open();
  page.setHeight(0);
  Object.defineProperty(page.window.document.documentElement, "clientHeight", { get: () => 0 });
  await page.pass(3_000);
  page.setHidden(true);
  expect(engagements(page)).toEqual([{ sd: 0, e: 3_000 }]);
});

test("a page from the browser's page cache is measured anew", async () => {
  const page = await Page.open();
  page.scrollTo(800);
  await page.pass(5_000);
  page.hear("pagehide");
  await page.pass(3_600_000);
  page.scrollTo(0);
  page.hear("pageshow", { persisted: true });
  await page.pass(4_000);
  page.hear("pagehide");
  expect(engagements(page)).toEqual([
    { sd: 100, e: 5_000 },
    { sd: 50, e: 4_000 },
  ]);
});
