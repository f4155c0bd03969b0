// What did not arrive is sent again with the same id, a bounded number of times.

import { expect, test } from "vitest";
import { EVENT_ID, NOW, Page } from "./page";

const MINUTE = 60_000;

test.each([0, 429, 500, 502, 503])("an attempt that fails with %i is made again, the same event at its own time", async (failure) => {
  const page = await Page.open({ answers: [failure] });
  await page.pass(499);
  expect(page.sent).toHaveLength(1);
  await page.pass(1);
  expect(page.sent).toHaveLength(2);
  expect(page.last).toEqual({ ...page.bodies[0], t: NOW });
  expect(page.last.id).toBe(EVENT_ID);
  await page.pass(60 * MINUTE);
  expect(page.sent).toHaveLength(2);
});

test.each([202, 200, 400, 404, 413])("an answer of %i is final", async (answer) => {
  const page = await Page.open({ answers: [answer] });
  await page.pass(60 * MINUTE);
  expect(page.sent).toHaveLength(1);
});

test("attempts grow rarer and end", async () => {
  const page = await Page.open({ answers: Array(20).fill(503) });
  const made: number[] = [];
  for (const wait of [500, 2_000, 8_000, 32_000, 128_000, 512_000, 60 * MINUTE]) {
    await page.pass(wait);
    made.push(page.sent.length);
  }
  expect(made).toEqual([2, 3, 4, 5, 6, 7, 7]);
});

test("no more than fifty events wait", async () => {
  const page = await Page.open({ answers: Array(100).fill(0) });
  for (let sent = 0; sent < 99; sent += 1) page.candor("event", "Again");
  await page.pass(500);
  expect(page.sent).toHaveLength(150);
});

test.each(["pagehide", "online"])("what waits is tried at once on %s, and then not a second time", async (event) => {
  const page = await Page.open({ answers: [0] });
  await page.pass(1);
  page.hear(event);
  expect(page.bodies.filter((body) => body.n == "pageview")).toHaveLength(2);
  await page.pass(60 * MINUTE);
  expect(page.bodies.filter((body) => body.n == "pageview")).toHaveLength(2);
});

test("what waits is tried at once when the page is hidden", async () => {
  const page = await Page.open({ answers: [503] });
  await page.pass(1);
  page.setHidden(true);
  expect(page.names).toEqual(["pageview", "engagement", "pageview"]);
});

test("an opt-out reaches what still waits", async () => {
  const page = await Page.open({ answers: [503] });
  page.window.localStorage.setItem("candor_ignore", "true");
  await page.pass(60 * MINUTE);
  expect(page.sent).toHaveLength(1);
});

test("an id that was withdrawn is not sent with what still waits", async () => {
  const page = await Page.open({
    answers: [503],
    before: (window) => window.localStorage.setItem("candor_visitor", "7d9f4c1e-5b0a-4c3e-9d2f-1a6b8c0e4f72"),
  });
  page.candor("consent", "denied");
  await page.pass(500);
  expect(page.bodies.map((body) => body.visitor)).toEqual(["7d9f4c1e-5b0a-4c3e-9d2f-1a6b8c0e4f72", undefined]);
});

test("a later attempt does not take on an id: the server would see another visitor", async () => {
  const page = await Page.open({ answers: [503] });
  page.candor("consent", "granted");
  await page.pass(500);
  expect(page.bodies.map((body) => body.visitor)).toEqual([undefined, undefined]);
});
