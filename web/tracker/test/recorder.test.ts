// The recorder comes only where the snippet asks for it, after the page was seen, and never under a silence.

import { expect, test } from "vitest";
import { Page, type Scene } from "./page";

const ASKING = 'data-site="example.com" data-identity="cookieless" data-recording data-recording-mask=".private" nonce="n1"';

const recorders = (page: Page) => [...page.window.document.scripts].filter(({ src }) => src.endsWith("/r.js"));

test("a snippet that asks for it gets the recorder from where the tracker came, with all that stands on it", async () => {
  const [recorder, ...more] = recorders(await Page.open({ snippet: ASKING }));
  expect(more).toEqual([]);
  expect(recorder!.src).toBe("https://candor.test/r.js");
  expect({ ...recorder!.dataset }).toEqual({ site: "example.com", identity: "cookieless", recording: "", recordingMask: ".private" });
  expect(recorder!.nonce).toBe("n1");
});

const without: [string, Scene][] = [
  ["a snippet that does not ask", {}],
  ["an opt-out", { snippet: ASKING, before: (window) => window.localStorage.setItem("candor_ignore", "true") }],
  ["a page that nobody sees", { snippet: ASKING, hidden: true }],
];
test.each(without)("%s brings none", async (_, scene) => {
  expect(recorders(await Page.open(scene))).toEqual([]);
});

test("a page that is seen later brings it then, and once", async () => {
  const page = await Page.open({ snippet: ASKING, hidden: true });
  page.setHidden(false);
  page.setHidden(true);
  page.setHidden(false);
  page.window.history.pushState(null, "", "/b");
  expect(recorders(page)).toHaveLength(1);
});
