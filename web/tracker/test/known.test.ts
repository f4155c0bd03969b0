// Pages that know their visitors: what is said of them, and consents with a receipt. Nothing of it without an id.

import { expect, test } from "vitest";
import { Page, RECEIPT, type Scene } from "./page";

const KNOWN = "7d9f4c1e-5b0a-4c3e-9d2f-1a6b8c0e4f72";
const known: Scene["before"] = (window) => window.localStorage.setItem("candor_visitor", KNOWN);
const CONSENT = { purposes: ["analytics"], version: "2026-11" };

/** What was sent that is no event, by the last part of its address. */
const said = (page: Page) =>
  page.sent.filter(({ body }) => !body.n).map(({ url, body }) => [new URL(url).pathname, body] as const);

test("who a visitor is is told of the id in the browser, and everything else goes on to the tracker", async () => {
  const page = await Page.open({ knows: true, before: known });
  page.candor("identify", "u1", { plan: "team" });
  page.candor("event", "After");
  expect(said(page)).toEqual([["/api/identify", { d: "example.com", visitor: KNOWN, id: "u1", attributes: { plan: "team" } }]]);
  expect(page.names.filter(Boolean)).toEqual(["pageview", "After"]);
});

test("of a visitor without an id nothing is told", async () => {
  const cookieless = 'data-site="example.com" data-identity="cookieless"';
  const ignored: Scene["before"] = (window) => {
    window.localStorage.setItem("candor_visitor", KNOWN);
    window.localStorage.setItem("candor_ignore", "true");
  };
  for (const scene of [{}, { snippet: cookieless, before: known }, { before: ignored }]) {
    const page = await Page.open({ ...scene, knows: true });
    page.candor("identify", "u1", { plan: "team" });
    expect(said(page)).toEqual([]);
  }
});

test("a consent is told with its purposes, and its receipt goes with who the visitor is", async () => {
  const page = await Page.open({ knows: true });
  const receipts: string[] = [];
  page.candor("consent", "granted", { ...CONSENT, then: (receipt: string) => receipts.push(receipt) });
  await page.pass(0);
  const visitor = page.window.localStorage.candor_visitor;
  expect(visitor).toBeTruthy();
  expect(said(page)).toEqual([["/api/consent", { d: "example.com", visitor, ...CONSENT }]]);
  expect(receipts).toEqual([RECEIPT]);
  page.candor("identify", "u1");
  expect(said(page)[1]).toEqual(["/api/identify", { d: "example.com", visitor, id: "u1", receipt: RECEIPT }]);
});

test("a consent without purposes is the tracker's alone", async () => {
  const page = await Page.open({ knows: true });
  page.candor("consent", "granted");
  expect(page.window.localStorage.candor_visitor).toBeTruthy();
  expect(said(page)).toEqual([]);
});

test("a refusal withdraws what the visitor consented to, and leaves nothing in the browser", async () => {
  const page = await Page.open({ knows: true, before: known });
  page.candor("consent", "granted", CONSENT);
  await page.pass(0);
  page.candor("consent", "denied");
  expect(said(page).at(-1)).toEqual(["/api/consent", { d: "example.com", visitor: KNOWN }]);
  expect(page.window.localStorage).toHaveLength(0);
  const before = said(page).length;
  page.candor("consent", "denied");
  expect(said(page)).toHaveLength(before);
});

test("commands given before the scripts are done in their order", async () => {
  const page = await Page.open({
    knows: true,
    head: `<script>window.candor = function () { (candor.q = candor.q || []).push(arguments) };
      candor("consent", "granted"); candor("identify", "u1"); candor("event", "Early");</script>`,
  });
  expect(said(page).map(([path]) => path)).toEqual(["/api/identify"]);
  expect(page.names.filter(Boolean)).toEqual(["pageview", "Early"]);
});

test("what is not heard is said again, a while later and with an end", async () => {
  const page = await Page.open({ knows: true, before: known, answers: [202, 503, 0, 202] });
  page.candor("identify", "u1");
  await page.pass(60_000);
  expect(said(page)).toHaveLength(3);
  const never = await Page.open({ knows: true, before: known, answers: [202, ...Array<number>(20).fill(503)] });
  never.candor("identify", "u1");
  await never.pass(10_000_000);
  expect(said(never)).toHaveLength(7);
});

test("each site of a page is told, at the address beside that of events", async () => {
  const page = await Page.open({
    knows: true,
    before: known,
    snippet: 'data-site="one.example, two.example" data-api="https://example.com/stats/event"',
  });
  page.candor("identify", "u1");
  expect(said(page).map(([path, body]) => [path, body.d])).toEqual([
    ["/stats/identify", "one.example"],
    ["/stats/identify", "two.example"],
  ]);
});

test("a second copy keeps still", async () => {
  const page = await Page.open({
    knows: true,
    before: known,
    head: '<script defer data-site="example.com" src="https://candor.test/i.js"></script>',
  });
  page.candor("identify", "u1");
  expect(said(page)).toHaveLength(1);
  expect(page.names.filter(Boolean)).toEqual(["pageview"]);
});
