// When a page is recorded at all, what is written to the browser for it, and how a recording ends.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, beforeEach, afterEach, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { recorder } from "../src/leaks/bundles";
import { HURRY, openPersonal, openRecorded } from "../src/leaks/record";
import { type Showing, Site } from "../src/leaks/site";
import { until } from "../src/waiting";

const PAGE = "<p>Hello</p><button id=b>press</button>";
/** What a request may hold. */
const REQUEST_BYTES = 1_048_576;
const ALWAYS = 'data-identity="always"';

let browser: Browser;
let site: Site;
let context: BrowserContext;
let page: Page;
before(async () => {
  browser = await openPersonal();
  site = await Site.open(await recorder());
});
after(async () => {
  await browser?.close();
  site.close();
});
beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
});
afterEach(() => context.close());

const asked = () => site.hays.some(({ where }) => where === "address of the question for settings");
const stored = () => page.evaluate(() => ({ ...sessionStorage, ...localStorage }) as Record<string, string>);
/** The first chunk of the page that is shown: the one before may still have had something to say. */
const first = () => site.chunks.find(({ n }) => n === 0)!;
const show = (showing: Partial<Showing> = {}) => openRecorded(site, page, { html: PAGE, ...showing });

/** Opens a page that is not recorded, does something on it and leaves it. */
async function showInVain(showing: Partial<Showing>, before?: string): Promise<void> {
  site.show({ html: PAGE, ...showing });
  await page.addInitScript({ content: HURRY + (before ?? "") });
  await page.goto(site.origin);
  await page.click("#b");
  await page.goto("about:blank");
}

const silences: [string, Partial<Showing>, string?][] = [
  ["Global Privacy Control", {}, `Object.defineProperty(navigator, "globalPrivacyControl", { value: true })`],
  ["Do Not Track", {}, `Object.defineProperty(navigator, "doNotTrack", { value: "1" })`],
  ["an opt-out", {}, `try { localStorage.candor_ignore = "true" } catch {}`],
  ["a driven browser", {}, `Object.defineProperty(navigator, "webdriver", { value: true })`],
  ["a selector to mask by that is none", { snippet: `data-recording-mask="p:("` }],
  ["a selector to box by that is none", { snippet: `data-recording-block="["` }],
  ["a browser that cannot compress", {}, "delete window.CompressionStream"],
];
for (const [title, showing, before] of silences) {
  test(`under ${title} nothing is asked, sent or stored`, async () => {
    await showInVain(showing, before);
    assert.deepEqual([asked(), site.chunks, site.hays], [false, [], []]);
    // A page of somebody else's that is recorded comes after whatever was still on its way.
    const other = await (await browser.newContext()).newPage();
    await openRecorded(site, other, { html: PAGE });
    await other.context().close();
    assert.equal(site.hays.filter(({ where }) => where === "address of the question for settings").length, 1);
  });
}

const refusals: [string, Partial<Showing>][] = [
  ["where there is nothing to record", { settingsStatus: 404 }],
  ["where the server fails", { settingsStatus: 500 }],
  ["where the answer is not understood", { settings: "yes" }],
  ["where it is off", { settings: { on: false, sample: 100, idle_minutes: 5, length_minutes: 60 } }],
  ["where the draw falls on nobody", { settings: { on: true, sample: 0, text: "clear", idle_minutes: 5, length_minutes: 60 } }],
  ["where the signals are ignored by the snippet only", { snippet: 'data-signals="ignore"', settings: { on: true, sample: 100, signals: "honour", idle_minutes: 5, length_minutes: 60 } }],
];
for (const [title, showing] of refusals) {
  test(`${title} nothing is sent`, async () => {
    const isSignalled = title.includes("signals") ? `Object.defineProperty(navigator, "globalPrivacyControl", { value: true })` : "";
    await showInVain(showing, isSignalled);
    await until("the question", asked);
    assert.deepEqual(site.chunks, []);
  });
}

test("without consent nothing is written to the browser, and each page is a recording of its own", async () => {
  await show();
  assert.deepEqual(await stored(), {});
  const before = first();
  await show();
  assert.notEqual(first().r, before.r);
  assert.equal("visitor" in before, false);
});

test("where the visitor may be known the recording goes on over pages, and its id, its times and the draw are all that is written", async () => {
  await show({ snippet: `${ALWAYS}` });
  await page.evaluate(() => {
    localStorage.candor_visitor = "7d9f4c1e-5b0a-4c3e-9d2f-1a6b8c0e4f72";
  });
  await show({ snippet: ALWAYS });
  const { r, p, n } = first();
  const written = await stored();
  assert.deepEqual(Object.keys(written).sort(), ["candor_recording", "candor_visitor"]);
  const [id, isDrawn, since, last] = JSON.parse(written.candor_recording!);
  assert.deepEqual([id, isDrawn, typeof since, typeof last, n], [r, true, "number", "number", 0]);
  assert.match(r, /^[\w-]{22}$/);
  assert.match(p, /^[\w-]{11}$/);
  await show({ snippet: ALWAYS });
  assert.deepEqual([first().r, first().p === p, first().visitor], [r, false, "7d9f4c1e-5b0a-4c3e-9d2f-1a6b8c0e4f72"]);
});

test("a consent that is withdrawn takes what was written with it", async () => {
  await show({ snippet: ALWAYS });
  await page.evaluate(() => {
    localStorage.candor_visitor = "";
  });
  await page.click("#b");
  await until("nothing written", async () => !("candor_recording" in (await stored())));
});

for (const status of [400, 403, 413]) {
  test(`an answer of ${status} ends the recording of the page`, async () => {
    site.show({ html: PAGE, answers: [{ status, body: { stop: true } }] });
    await page.addInitScript({ content: HURRY });
    await page.goto(site.origin);
    await until("the first chunk", () => site.chunks.length);
    await page.click("#b");
    await page.goto("about:blank");
    assert.deepEqual(site.chunks.map(({ n }) => n), [0]);
  });
}

test("a page whose policy forbids workers is packed all the same", async () => {
  await show({ headers: { "content-security-policy": "worker-src 'none'" } });
  assert.equal(site.hays.find(({ where }) => where === "bytes of a chunk")!.bytes[0], 0x1f);
});

test("errors, hiding and leaving are told by their name alone", async () => {
  await show();
  await page.evaluate(() => setTimeout(() => { throw new Error("secret") }));
  const other = await context.newPage();
  await other.bringToFront();
  await page.bringToFront();
  await page.goto("about:blank");
  await until("the end", () => site.chunks.some(({ z }) => z));
  const told = site.events.filter(({ type }) => type === 5).map(({ data }) => JSON.stringify(data));
  assert.ok(told.includes('{"tag":"error","payload":{}}') && told.includes('{"tag":"left","payload":{}}'), told.join());
});

test("a page that changes its address says so, without what nobody needs to know", async () => {
  await show();
  await page.evaluate(() => history.pushState(null, "", "/people/4711?token=abc#x"));
  await page.click("#b");
  await until("the address", () => site.events.some(({ type, data }) => type === 4 && String(data.href).endsWith("/people/*")));
});

interface Told {
  type?: number;
  tagName?: string;
  textContent?: string;
  childNodes?: Told[];
}
const textOf = ({ type, textContent, childNodes }: Told): string => (type === 3 ? textContent! : (childNodes ?? []).map(textOf).join(""));

test("a page whose snapshot is larger than a request is recorded whole, in parts that requests hold", async () => {
  const paragraphs = Array.from({ length: 40_000 }, (_, row) => `${row} ${randomBytes(30).toString("base64url")}\n`);
  await show({ html: paragraphs.map((words) => `<p>${words}</p>`).join("") });
  const told = () =>
    site.events.flatMap(({ type, data }) =>
      type === 2 ? [data.node as Told] : ((data.adds ?? []) as { node: Told }[]).map(({ node }) => node),
    );
  const text = () => told().map(textOf).join("");
  await until("the last of it", () => text().includes(paragraphs.at(-1)!), 30_000);
  assert.ok(text().includes(paragraphs.join("")), "every paragraph was told once, in its order");
  const bodies = site.hays.filter(({ where }) => where === "bytes of a chunk").map(({ bytes }) => bytes.length);
  assert.ok(bodies.reduce((sum, bytes) => sum + bytes, 0) > REQUEST_BYTES, "no single request could have held it");
  assert.ok(Math.max(...bodies) <= REQUEST_BYTES, bodies.join());
});

test("a click that waits to be judged is told after the snapshot that the server asks for meanwhile", async () => {
  const rows = Array.from({ length: 40_000 }, (_, row) => `<p>${row} ${randomBytes(30).toString("base64url")}</p>`).join("");
  // The page is pressed as the beginning of its snapshot goes, while the rest is looked at.
  const press = `<script>
    const ask = window.fetch;
    window.fetch = (...asked) => {
      if (asked[1]?.method === "POST") {
        window.fetch = ask;
        document.querySelector("#b").click();
      }
      return ask(...asked);
    };
  </script>`;
  await show({ html: press + PAGE + rows, answers: [{ status: 202, body: { ask: "snapshot" } }] });
  const clicks = () => site.events.flatMap(({ data }, at) => (data.source === 2 && data.type === 2 ? [at] : []));
  await until("the click", () => clicks().length === 1, 30_000);
  const told = site.events.map(({ type }) => type);
  assert.ok(clicks()[0]! > told.lastIndexOf(2), "it is told of the page that the server knows");
});

test("events that the page sends by the tracker are marked by their names, and do what they did", async () => {
  const html = `${PAGE}<script>window.calls = []; window.candor = (...command) => { calls.push(command); return "done" }; candor.on = 1</script>
    <div data-candor-event="Opened"><b id="inside">open</b></div>
    <form data-candor-event="Signed up" onsubmit="return false"><button id="send">send</button></form>`;
  await show({ html });
  await page.evaluate(`candor("consent", "granted"); candor("event", "Added to cart", { properties: { id: 7 } })`);
  await page.click("#inside");
  await page.click("#send");
  const names = () => site.events.flatMap(({ data }) => (data.tag === "event" ? [(data.payload as { name: string }).name] : []));
  await until("all of them", () => names().length >= 3);
  assert.deepEqual(names(), ["Added to cart", "Opened", "Signed up"]);
  assert.deepEqual(await page.evaluate("[calls, candor.on]"), [[["consent", "granted"], ["event", "Added to cart", { properties: { id: 7 } }]], 1]);
});

test("links out of the site and to files are marked as the tracker knows them, by what they are and not by where they lead", async () => {
  const links = [
    ["out", "https://elsewhere.example/deep/path"],
    ["file", "https://elsewhere.example/prices.pdf"],
    ["saved", "/report"],
    ["own", "/p/own"],
    ["mail", "mailto:a@elsewhere.example"],
    ["marked", "https://elsewhere.example/marked"],
  ];
  const further: Record<string, string> = { saved: "download", marked: 'data-candor-event="To a partner"' };
  const html = links.map(([id, href]) => `<p><a id="${id}" href="${href}" ${further[id!] ?? ""}><b>${id}</b></a></p>`).join("");
  await show({ html: `${html}<script>for (const type of ["click", "auxclick"]) addEventListener(type, (event) => event.preventDefault())</script>` });
  for (const [id] of links) await page.click(`#${id} b`);
  await page.click("#out b", { button: "middle" });
  await page.click("#out b", { button: "right" });
  const told = () => site.events.flatMap(({ data }) => (data.tag === "event" ? [data.payload as { name: string }] : []));
  await until("all of them", () => told().length >= 5);
  const [out, file] = [{ name: "Outbound Link: Click" }, { name: "File Download" }];
  assert.deepEqual(told(), [out, file, file, { name: "To a partner" }, out]);
});
