// Two visitors who enter different things, more or less of it, faster or slower, leave the same recording.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { recorder, unveiled } from "../src/leaks/bundles";
import { Hands } from "../src/leaks/hands";
import { leaveRecorded, openPersonal, openRecorded } from "../src/leaks/record";
import { Site } from "../src/leaks/site";

interface Pair {
  title: string;
  html: string;
  one: (hands: Hands) => Promise<void>;
  other: (hands: Hands) => Promise<void>;
  /** The bare capture does not tell them apart either, for it is held while something is entered. */
  isKeptAnyway?: true;
}

const KEYS = "123456789".replace(/./g, "<span class='key' id='k$&' style='display:inline-block;width:40px;height:40px'>$&</span>");
const PICTURES = "123456789".replace(/./g, "<img id='k$&' alt='$&' width='40' height='40'>");
const METER = `<input id="f"><p id="left">100 left</p><div id="bar" style="height:4px;width:0"></div>
<script>f.oninput = () => { const n = f.value.length; left.textContent = 100 - n + " left"; bar.style.width = n * 9 + "px"; f.style.width = 100 + n * 5 + "px"; f.setAttribute("value", f.value) }</script>`;
const CODE = `${"<input class='digit' maxlength='1' size='1'>".repeat(4)}<script>document.querySelectorAll(".digit").forEach((d, n, all) => { d.oninput = () => all[n + 1]?.focus() })</script>`;

const press = (keys: string) => async (hands: Hands) => {
  for (const key of keys) await hands.click(`#k${key}`);
};
const at = (share: number) => async (hands: Hands) => {
  const box = (await hands.page.locator("#f").boundingBox())!;
  await hands.page.mouse.click(box.x + box.width * share, box.y + box.height / 2);
};

const pairs: Pair[] = [
  { title: "a short value and a long one, with a counter and a meter beside", html: METER, one: (h) => h.type("#f", "abcde"), other: (h) => h.type("#f", "fghijklmnopq") },
  { title: "corrections and none", isKeptAnyway: true, html: METER, one: (h) => h.type("#f", "abcd"), other: async (h) => { await h.type("#f", "wxyz12"); await h.page.keyboard.press("Backspace"); await h.page.keyboard.press("Backspace"); } },
  { title: "one line in an editor and three", html: `<div id="f" contenteditable style="width:300px">x</div>`, one: (h) => h.type("#f", "abc"), other: (h) => h.type("#f", "a\nb\nc") },
  { title: "this choice and that", html: `<fieldset id="s"><label id="a"><input type="radio" name="r" value="north">north</label><label id="b"><input type="radio" name="r" value="south">south</label></fieldset>`, one: (h) => h.click("#a"), other: (h) => h.click("#b") },
  { title: "this box and that", html: `<form><label id="a"><input type="checkbox">asthma</label><label id="b"><input type="checkbox">gout</label></form>`, one: (h) => h.click("#a"), other: (h) => h.click("#b") },
  { title: "these keys of a pad and those", html: `<div id="pad" style="width:130px">${KEYS}</div>`, one: press("1234"), other: press("9871") },
  { title: "these pictures of keys and those", html: `<div id="pad" style="width:130px">${PICTURES}</div>`, one: press("1234"), other: press("9871") },
  { title: "a slider to the left and to the right", html: `<input type="range" id="f" style="width:300px">`, one: at(0.1), other: at(0.9) },
  { title: "a place on a canvas and another", html: `<canvas id="f" width="300" height="200"></canvas>`, one: at(0.1), other: at(0.9) },
  { title: "a code that jumps from field to field, by two speeds", isKeptAnyway: true, html: CODE, one: async (h) => { await h.click(".digit"); await h.keys("1234"); }, other: async (h) => { await h.click(".digit"); await h.page.keyboard.type("9876", { delay: 60 }); } },
];

let browser: Browser;
let context: BrowserContext;
let clippings: Page;
before(async () => {
  browser = await openPersonal();
  context = await browser.newContext();
  clippings = await context.newPage();
});
after(() => browser?.close());

/** All that was told, without when: of moves only where the pointer was. */
async function shapeOf(site: Site, html: string, act: Pair["one"]): Promise<string[]> {
  const page = await context.newPage();
  try {
    await openRecorded(site, page, { html: `<div style="min-height:400px">${html}</div>` });
    const hands = await Hands.of(page, clippings);
    await act(hands);
    await hands.rest();
    await leaveRecorded(site, page);
    // That the page is hidden before it is left a browser says or does not.
    const told = site.events.filter(({ type }) => type !== 5);
    return told.map(({ type, data }) => JSON.stringify([type, data]).replace(/"timeOffset":-?\d+/g, ""));
  } finally {
    await page.close();
  }
}

async function withSite(script: Promise<Buffer>, use: (site: Site) => Promise<void>): Promise<void> {
  const site = await Site.open(await script);
  try {
    await use(site);
  } finally {
    site.close();
  }
}

for (const { title, html, one, other } of pairs) {
  test(title, () =>
    withSite(recorder(), async (site) => {
      assert.deepEqual(await shapeOf(site, html, one), await shapeOf(site, html, other));
    }));
}

test("the brackets and stops of a program are no pad, however many: which was clicked is told", () =>
  withSite(recorder(), async (site) => {
    const signs = ["f", "(", "x", ")", "{", ";", "}", "(", ")", ".", "(", ")", ";", "{", "}"];
    const program = `<pre>${signs.map((sign, at) => `<span id="k${at}">${sign}</span> word `).join("")}</pre>`;
    const click = (at: number) => (hands: Hands) => hands.click(`#k${at}`);
    assert.notDeepEqual(await shapeOf(site, program, click(1)), await shapeOf(site, program, click(12)));
  }));

test("without the veil these pairs differ", () =>
  withSite(unveiled(), async (site) => {
    for (const { title, html, one, other } of pairs.filter(({ isKeptAnyway }) => !isKeptAnyway)) {
      assert.notDeepEqual(await shapeOf(site, html, one), await shapeOf(site, html, other), title);
    }
  }));
