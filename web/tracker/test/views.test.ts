// Page views: when a page is seen, and when it becomes another page.

import { expect, test } from "vitest";
import { NOW, Page } from "./page";

const paths = (page: Page) => page.bodies.filter((body) => body.n == "pageview").map((body) => new URL(body.u as string).pathname);

test("a page that loads is one view, sent as a simple request to the server the script came from", async () => {
  const page = await Page.open();
  expect(page.names).toEqual(["pageview"]);
  const { url, init } = page.sent[0]!;
  expect(url).toBe("https://candor.test/api/event");
  expect(init).toEqual({ method: "POST", keepalive: true, body: expect.any(String) });
});

test("data-api sends events elsewhere", async () => {
  const page = await Page.open({ snippet: 'data-site="example.com" data-api="/quiet/event"' });
  expect(page.sent[0]!.url).toBe("/quiet/event");
});

test("a snippet without a site leaves the choice to the server", async () => {
  const page = await Page.open({ snippet: "" });
  expect(page.last).not.toHaveProperty("d");
});

test("pushState and replaceState to another path are views, to another query are not", async () => {
  const page = await Page.open({ url: "https://example.com/a" });
  const { history } = page.window;
  history.pushState(null, "", "/b");
  history.pushState(null, "", "/b?tab=2");
  history.replaceState(null, "", "/c#part");
  history.replaceState(null, "", "/c#other");
  expect(paths(page)).toEqual(["/a", "/b", "/c"]);
});

test("going back is a view", async () => {
  const page = await Page.open({ url: "https://example.com/a" });
  page.window.history.pushState(null, "", "/b");
  const gone = new Promise((back) => page.window.addEventListener("popstate", back));
  page.window.history.back();
  await gone;
  expect(paths(page)).toEqual(["/a", "/b", "/a"]);
});

test("the page's own history calls keep their arguments, their receiver and their errors", async () => {
  const page = await Page.open();
  page.window.history.pushState({ at: 3 }, "", "/b");
  expect(page.window.history.state).toEqual({ at: 3 });
  expect(() => page.window.history.pushState(null, "", "https://elsewhere.org/")).toThrow();
  expect(paths(page)).toEqual(["/", "/b"]);
});

test("with data-hash another fragment is a view", async () => {
  const page = await Page.open({ snippet: 'data-site="example.com" data-hash', url: "https://example.com/#/a" });
  const gone = new Promise((changed) => page.window.addEventListener("hashchange", changed));
  page.window.location.hash = "#/b";
  await gone;
  const views = page.bodies.filter((body) => body.n == "pageview");
  expect(views.map((body) => [body.u, body.h])).toEqual([
    ["https://example.com/#/a", 1],
    ["https://example.com/#/b", 1],
  ]);
});

test("without data-hash another fragment is the same page", async () => {
  const page = await Page.open({ url: "https://example.com/#a" });
  const gone = new Promise((changed) => page.window.addEventListener("hashchange", changed));
  page.window.location.hash = "#b";
  await gone;
  expect(page.names).toEqual(["pageview"]);
});

test("a page that comes back from the browser's page cache is a view", async () => {
  const page = await Page.open();
  page.hear("pageshow", { persisted: false });
  expect(page.names).toEqual(["pageview"]);
  page.hear("pageshow", { persisted: true });
  expect(page.names).toEqual(["pageview", "pageview"]);
});

test("a page opened out of sight is a view once it is seen, with what happened on it before", async () => {
  const page = await Page.open({ hidden: true });
  page.candor("event", "Early");
  page.window.history.replaceState(null, "", "/moved");
  page.setFocused(false);
  expect(page.names).toEqual([]);
  page.setHidden(false);
  page.setHidden(true);
  page.setHidden(false);
  expect(page.names).toEqual(["pageview", "Early", "engagement"]);
  expect(paths(page)).toEqual(["/moved"]);
});

test("a prerendered page is a view once it says that it is no longer prerendering", async () => {
  const page = await Page.open({
    hidden: true,
    before: (window) => Object.assign(window.document, { prerendering: true }),
  });
  page.setHidden(false);
  expect(page.names).toEqual([]);
  Object.assign(page.window.document, { prerendering: false });
  page.window.document.dispatchEvent(new page.window.Event("prerenderingchange"));
  expect(page.names).toEqual(["pageview"]);
});

test("a page out of sight that is closed is nothing", async () => {
  const page = await Page.open({ hidden: true });
  page.hear("pagehide");
  expect(page.names).toEqual([]);
});

test("a server's 404 is told once, as an act of nobody", async () => {
  const page = await Page.open({
    url: "https://example.com/gone",
    before: (window) => {
      window.performance.getEntriesByType = () => [{ responseStatus: 404 }] as unknown as PerformanceEntryList;
    },
  });
  expect(page.names).toEqual(["pageview", "404"]);
  expect(page.last).toMatchObject({ p: { path: "/gone" }, i: false });
  page.window.history.pushState(null, "", "/found");
  expect(page.names.filter((name) => name == "404")).toHaveLength(1);
});

test("commands given before the script was there are carried out after the view", async () => {
  const page = await Page.open({
    head: `<script>
      window.candor = window.candor || function () { (candor.q = candor.q || []).push(arguments) };
      candor("event", "Early", { properties: { from: "stub" } });
    </script>`,
  });
  expect(page.names).toEqual(["pageview", "Early"]);
  expect(page.last.p).toEqual({ from: "stub" });
});

test("consent given before the script was there holds for the first view", async () => {
  const page = await Page.open({
    head: `<script>
      window.candor = window.candor || function () { (candor.q = candor.q || []).push(arguments) };
      candor("consent", "granted");
    </script>`,
  });
  expect(page.bodies[0]!.visitor).toBe(page.window.localStorage.candor_visitor);
  expect(page.bodies[0]!.visitor).toMatch(/^[0-9a-f]{8}-/);
});

test("a second copy of the script counts nothing twice", async () => {
  const page = await Page.open({ head: '<script defer data-site="example.com" src="https://candor.test/c.js"></script>' });
  expect(page.names).toEqual(["pageview"]);
});

test("only a late attempt says when it happened", async () => {
  const page = await Page.open({ answers: [0] });
  await page.pass(10_000);
  expect(page.bodies.map((body) => body.t)).toEqual([undefined, NOW]);
});

test("an element named candor does not keep the script from starting", async () => {
  const page = await Page.open({ body: '<div id="candor"></div>' });
  page.candor("event", "Works");
  expect(page.names).toEqual(["pageview", "Works"]);
});
