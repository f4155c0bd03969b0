// Custom events: by command, by mark, and those a click says by itself.

import { expect, test } from "vitest";
import { Page } from "./page";

const SITE = 'data-site="example.com"';

async function clicking(body: string, selector: string, type?: string, init?: MouseEventInit) {
  const page = await Page.open({ body });
  page.click(selector, type, init);
  return page.bodies.slice(1).map(({ n, p }) => [n, p]);
}

test("a command without options is an event with a name", async () => {
  const page = await Page.open({ snippet: SITE });
  page.candor("event", "Signup");
  page.candor("event", "Signup", null);
  expect(page.names).toEqual(["pageview", "Signup", "Signup"]);
});

test("an unknown command does nothing", async () => {
  const page = await Page.open();
  page.candor("dance", "now");
  expect(page.names).toEqual(["pageview"]);
});

test("an event that cannot be written down breaks nothing on the page", async () => {
  const page = await Page.open();
  const rejected = new Promise((reason) => process.once("unhandledRejection", reason));
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(() => page.candor("event", "Circle", { properties: circle })).not.toThrow();
  expect(String(await rejected)).toContain("circular");
  page.candor("event", "Next");
  expect(page.names).toEqual(["pageview", "Next"]);
});

test("a mark speaks for everything inside it, links too", async () => {
  const body = '<div data-candor-event="Card" data-candor-prop-place="top"><a href="https://elsewhere.org/"><b>go</b></a></div>';
  expect(await clicking(body, "b")).toEqual([["Card", { place: "top" }]]);
});

test("a marked form is an event when it is sent, not when it is clicked", async () => {
  const body = '<form data-candor-event="Order"><button>send</button></form>';
  expect(await clicking(body, "button")).toEqual([["Order", {}]]);
  expect(await clicking(body, "form", "submit")).toEqual([["Order", {}]]);
});

test("a form inside a marked element does not send the mark when it is sent", async () => {
  expect(await clicking('<div data-candor-event="Box"><form></form></div>', "form", "submit")).toEqual([]);
});

test("the middle button opens links and presses no buttons; the right one does neither", async () => {
  const link = '<a href="https://elsewhere.org/x">x</a>';
  const button = '<button data-candor-event="Press">x</button>';
  expect(await clicking(link, "a", "auxclick", { button: 1 })).toEqual([["Outbound Link: Click", { url: "https://elsewhere.org/x" }]]);
  expect(await clicking(link, "a", "auxclick", { button: 2 })).toEqual([]);
  expect(await clicking(button, "button", "auxclick", { button: 1 })).toEqual([]);
});

test("links within the site, to mail, telephone and script are nothing", async () => {
  for (const href of ["/docs", "#part", "mailto:a@files.zip", "tel:+431", "javascript:void(0)", "blob:https://example.com/1"]) {
    expect(await clicking(`<a href="${href}">x</a>`, "a")).toEqual([]);
  }
});

test("files are downloads by their ending or by the link's word, wherever they are", async () => {
  const download = async (link: string) => (await clicking(link, "a"))[0];
  expect(await download('<a href="/a/manual.pdf#page=3">x</a>')).toEqual(["File Download", { url: "https://example.com/a/manual.pdf" }]);
  expect(await download('<a href="https://cdn.test/v1.tar.gz">x</a>')).toEqual(["File Download", { url: "https://cdn.test/v1.tar.gz" }]);
  expect(await download('<a href="/export?kind=all" download>x</a>')).toEqual(["File Download", { url: "https://example.com/export" }]);
  expect(await download('<a href="/about.html">x</a>')).toBeUndefined();
  expect(await download('<a href="/pdf">x</a>')).toBeUndefined();
});

test("a link inside a shadow tree and a click the page stops are seen", async () => {
  const page = await Page.open({ body: '<div id="host"></div><a id="stopped" href="https://elsewhere.org/two">x</a>' });
  const { document } = page.window;
  const shadow = document.querySelector("#host")!.attachShadow({ mode: "open" });
  shadow.innerHTML = '<a href="https://elsewhere.org/one"><i>x</i></a>';
  const click = () => new page.window.MouseEvent("click", { bubbles: true, composed: true, cancelable: true });
  document.addEventListener("click", (event) => event.preventDefault());
  shadow.querySelector("i")!.dispatchEvent(click());
  document.body.addEventListener(
    "click",
    (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
  document.querySelector("#stopped")!.dispatchEvent(click());
  expect(page.bodies.slice(1).map(({ p }) => p)).toEqual([
    { url: "https://elsewhere.org/one" },
    { url: "https://elsewhere.org/two" },
  ]);
});
