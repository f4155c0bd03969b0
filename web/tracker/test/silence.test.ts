// When nothing is sent, and nothing stored.

import type { DOMWindow } from "jsdom";
import { expect, test } from "vitest";
import { Page, type Scene } from "./page";

const set = (of: (window: DOMWindow) => object, name: string, value: unknown) => (window: DOMWindow) => {
  Object.defineProperty(of(window), name, { configurable: true, value });
};
const navigator = (window: DOMWindow) => window.navigator;
const itself = (window: DOMWindow) => window;

const silent: [string, Scene][] = [
  ["Global Privacy Control", { before: set(navigator, "globalPrivacyControl", true) }],
  ["Do Not Track", { before: set(navigator, "doNotTrack", "1") }],
  ["a driven browser", { before: set(navigator, "webdriver", true) }],
  ["PhantomJS", { before: set(itself, "_phantom", {}) }],
  ["Nightmare", { before: set(itself, "__nightmare", {}) }],
  ["Cypress", { before: set(itself, "Cypress", {}) }],
  ["the opt-out flag", { before: (window) => window.localStorage.setItem("candor_ignore", "true") }],
];

test.each(silent)("under %s nothing is sent or stored, whatever happens on the page", async (_, scene) => {
  const page = await Page.open({ snippet: 'data-site="example.com" data-identity="always"', body: '<a href="https://elsewhere.org/">x</a>', ...scene });
  const stored = { ...page.window.localStorage };
  page.candor("consent", "granted");
  page.candor("event", "Signup");
  page.click("a");
  page.window.history.pushState(null, "", "/b");
  await page.pass(10_000);
  page.setHidden(true);
  page.hear("pagehide");
  expect(page.sent).toEqual([]);
  expect({ ...page.window.localStorage }).toEqual(stored);
  expect(stored).not.toHaveProperty("candor_visitor");
});

test("a page from a file is not measured", async () => {
  const page = await Page.open({ url: "file:///home/page.html" });
  page.candor("event", "Signup");
  expect(page.sent).toEqual([]);
});

test('data-signals="ignore" measures in spite of both signals', async () => {
  const page = await Page.open({
    snippet: 'data-site="example.com" data-signals="ignore"',
    before: (window) => {
      set(navigator, "globalPrivacyControl", true)(window);
      set(navigator, "doNotTrack", "1")(window);
    },
  });
  expect(page.names).toEqual(["pageview"]);
});

test('data-signals="ignore" leaves the other reasons as they are', async () => {
  const page = await Page.open({ snippet: 'data-signals="ignore"', before: set(navigator, "webdriver", true) });
  expect(page.sent).toEqual([]);
});

test("signals that are off, and an opt-out flag that is not true, silence nothing", async () => {
  const page = await Page.open({
    before: (window) => {
      set(navigator, "globalPrivacyControl", false)(window);
      set(navigator, "doNotTrack", "0")(window);
      window.localStorage.setItem("candor_ignore", "false");
    },
  });
  expect(page.names).toEqual(["pageview"]);
});

test("the opt-out flag counts from the moment it is set", async () => {
  const page = await Page.open();
  page.window.localStorage.setItem("candor_ignore", "true");
  page.candor("event", "After");
  page.hear("pagehide");
  expect(page.names).toEqual(["pageview"]);
});

test("a refusal is carried out even where nothing is sent", async () => {
  const page = await Page.open({
    before: (window) => {
      set(navigator, "globalPrivacyControl", true)(window);
      window.localStorage.setItem("candor_visitor", "7d9f4c1e-5b0a-4c3e-9d2f-1a6b8c0e4f72");
    },
  });
  page.candor("consent", "denied");
  expect(page.window.localStorage).toHaveLength(0);
});

test("pages on this machine are measured: that is where a site is tried", async () => {
  const page = await Page.open({ url: "http://localhost:8080/" });
  expect(page.names).toEqual(["pageview"]);
});
