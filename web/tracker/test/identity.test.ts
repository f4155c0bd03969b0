// Who the visitor is, and what is written to the browser: nothing without leave.

import { expect, test } from "vitest";
import { Page, type Scene } from "./page";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const KNOWN = "7d9f4c1e-5b0a-4c3e-9d2f-1a6b8c0e4f72";
const site = (identity?: string) => `data-site="example.com"${identity ? ` data-identity="${identity}"` : ""}`;

const known: Scene["before"] = (window) => window.localStorage.setItem("candor_visitor", KNOWN);

test("nothing is stored and no id is sent until consent is granted", async () => {
  const page = await Page.open();
  page.candor("event", "Before");
  expect(page.window.localStorage).toHaveLength(0);
  expect(page.window.sessionStorage).toHaveLength(0);
  expect(page.window.document.cookie).toBe("");
  page.candor("consent", "granted");
  page.candor("event", "After");
  expect(page.bodies.map((body) => body.visitor)).toEqual([undefined, undefined, page.window.localStorage.candor_visitor]);
  expect(page.last.visitor).toMatch(UUID);
});

test("consent granted again keeps the id", async () => {
  const page = await Page.open({ before: known });
  page.candor("consent", "granted");
  expect(page.window.localStorage.candor_visitor).toBe(KNOWN);
});

test("consent denied, or anything that is not granted, removes the id at once", async () => {
  for (const answer of ["denied", "Granted", undefined]) {
    const page = await Page.open({ before: known });
    page.candor("consent", answer);
    page.candor("event", "After");
    expect(page.window.localStorage).toHaveLength(0);
    expect(page.bodies.map((body) => body.visitor)).toEqual([KNOWN, undefined]);
  }
});

test("what is told of a view later is of the visitor who began it", async () => {
  const page = await Page.open();
  page.candor("consent", "granted");
  page.setHidden(true);
  expect(page.names).toEqual(["pageview", "engagement"]);
  expect(page.last).not.toHaveProperty("visitor");
  page.hear("pageshow", { persisted: true });
  page.setHidden(false);
  await page.pass(3_000);
  page.setHidden(true);
  expect(page.last).toMatchObject({ n: "engagement", visitor: page.window.localStorage.candor_visitor });
  page.candor("consent", "denied");
  page.setHidden(false);
  await page.pass(3_000);
  page.setHidden(true);
  expect(page.last).not.toHaveProperty("visitor");
});

test("an id that another tab removed is not used", async () => {
  const page = await Page.open({ before: known });
  page.window.localStorage.clear();
  page.candor("event", "After");
  expect(page.last).not.toHaveProperty("visitor");
});

test("cookieless stores nothing and uses nothing, whatever is granted or was stored", async () => {
  const fresh = await Page.open({ snippet: site("cookieless") });
  fresh.candor("consent", "granted");
  fresh.candor("event", "After");
  expect(fresh.window.localStorage).toHaveLength(0);
  const before = await Page.open({ snippet: site("cookieless"), before: known });
  expect([...fresh.bodies, ...before.bodies].map((body) => body.visitor)).toEqual([undefined, undefined, undefined]);
});

test("always makes an id with the first view and keeps it", async () => {
  const page = await Page.open({ snippet: site("always") });
  page.candor("event", "After");
  expect(page.bodies[0]!.visitor).toMatch(UUID);
  expect(page.last.visitor).toBe(page.bodies[0]!.visitor);
  expect(page.window.localStorage.candor_visitor).toBe(page.last.visitor);
});

test("always respects a refusal, on the next page too, until it is taken back", async () => {
  const page = await Page.open({ snippet: site("always"), before: known });
  page.candor("consent", "denied");
  page.candor("event", "Refused");
  expect(page.last).not.toHaveProperty("visitor");
  expect(page.window.localStorage.candor_visitor).toBe("");

  const next = await Page.open({ snippet: site("always"), before: (window) => window.localStorage.setItem("candor_visitor", "") });
  expect(next.last).not.toHaveProperty("visitor");
  next.candor("consent", "granted");
  next.candor("event", "Granted");
  expect(next.last.visitor).toMatch(UUID);
});

test("an identity that is misspelt is the careful one", async () => {
  const page = await Page.open({ snippet: site("Always") });
  expect(page.last).not.toHaveProperty("visitor");
  expect(page.window.localStorage).toHaveLength(0);
});

test("a browser that refuses storage is measured without an id", async () => {
  const page = await Page.open({
    snippet: site("always"),
    before: (window) =>
      Object.defineProperty(window, "localStorage", {
        get() {
          throw new window.DOMException("denied", "SecurityError");
        },
      }),
  });
  page.candor("consent", "granted");
  expect(page.names).toEqual(["pageview"]);
  expect(page.last).not.toHaveProperty("visitor");
});

test("ids are random v4 UUIDs, each its own", async () => {
  const page = await Page.open({
    before: (window) => {
      window.crypto.getRandomValues = ((bytes: Uint8Array) => globalThis.crypto.getRandomValues(bytes)) as typeof window.crypto.getRandomValues;
    },
  });
  for (let sent = 0; sent < 200; sent += 1) page.candor("event", "Again");
  const ids = page.bodies.map((body) => body.id as string);
  expect(new Set(ids).size).toBe(201);
  for (const id of ids) expect(id).toMatch(UUID);
});
