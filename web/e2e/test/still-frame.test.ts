// A page that stands still under a heatmap: what happened on an element is drawn on that element, in every layout.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { openBrowser } from "../src/dashboard";
import { measureIn } from "../src/heatmaps";
import { asEvents, AT, made, numberOf } from "../src/page-events";
import { ReplayFrame } from "../src/replay-frame";
import { until } from "../src/waiting";

const NEAR_PX = 2;
const STYLE = `body{margin:0}main{display:flex;flex-wrap:wrap;gap:10px;padding:20px}section{flex:1 1 300px;min-height:700px;background:#eee}
button{width:40%;height:36px;margin:50px 20px}.hero{height:100vh}.gone{display:none}@media(max-width:600px){button{width:90%;margin:200px 5px}}`;
const body = made("body", {}, [
  made("script", {}),
  made("div", { class: "hero" }),
  made("main", {}, [
    made("section", {}, [made("p", {}, ["Kettles"])]),
    made("section", {}, [made("button", {}, ["***"]), made("button", { class: "gone" }, ["***"]), made("iframe", { rr_width: "120px", rr_height: "60px" })]),
    made("section", {}, [made("x-card", {}, [], { shadow: [made("div", {}, [made("p", {}, ["In the shadow"])])] })]),
  ]),
  made("svg", { width: "100", height: "100" }, [made("g", {}, [made("rect", { width: "60", height: "30" }, [], { isSVG: true })], { isSVG: true })], { isSVG: true }),
]);
/** By address, and by what finds it in the rebuilt page. */
const PLACES: [string, string][] = [
  ["body:1>main:1>section:2>button:1", "section:nth-of-type(2) button"],
  ["body:1>main:1>section:2>iframe:1", "candor-box"],
  ["body:1>main:1>section:3>x-card:1>>div:1>p:1", "x-card >> p"],
  ["body:1>svg:1>g:1>rect:1", "rect"],
  ["body:1>div:1", ".hero"],
];

let browser: Browser;
let replay: ReplayFrame;
before(async () => {
  browser = await openBrowser();
  replay = await ReplayFrame.serve();
});
after(async () => {
  await browser?.close();
  await replay?.stop();
});

for (const [width, height] of [[1200, 800], [390, 700]] as const) {
  test(`in a window of ${width} pixels what happened on an element is drawn on it, within ${NEAR_PX} pixels`, async () => {
    const player = await replay.open(browser);
    const stood = await player.stand(asEvents(STYLE, body, { width, height }), AT);
    assert.equal(stood.is, "stood");
    assert.equal(stood.width, width);
    for (const [address, selector] of PLACES) {
      const place: [number, number] = [250, 600];
      const drawn = await player.draw({ is: "heat", points: [[numberOf(address), ...place, 7]] });
      assert.equal(drawn.lost, 0, address);
      assert.equal(drawn.hidden, 0, address);
      assert.ok(Math.abs((drawn.peak as number) - 7) < 0.001, address);
      const { warmest, point } = await measureIn(player.inside, selector, place);
      for (const axis of [0, 1]) assert.ok(Math.abs(warmest[axis]! - point[axis]!) <= NEAR_PX, `${address}: ${warmest} for ${point}`);
    }
    assert.deepEqual(player.alarms, []);
    await player.close();
  });
}

test("the page is as high as it is, and what is as high as the window stays so", async () => {
  const player = await replay.open(browser);
  const stood = await player.stand(asEvents(STYLE, body, { width: 1200, height: 800 }), AT);
  const heights = await player.inside.evaluate(`(() => {
    const frame = document.querySelector('.scene:not(.waiting) iframe');
    return [frame.clientHeight, frame.contentDocument.documentElement.scrollHeight, frame.contentDocument.querySelector('.hero').clientHeight];
  })()`);
  assert.deepEqual(heights, [stood.page, stood.page, 800]);
  assert.ok((stood.page as number) > 1500);
  await player.close();
});

test("what the page does not have, and what is not to be seen on it, is told and not drawn", async () => {
  const player = await replay.open(browser);
  await player.stand(asEvents(STYLE, body, { width: 1200, height: 800 }), AT);
  const points = [
    [numberOf("body:1>main:1>section:9"), 500, 500, 12],
    [numberOf("body:1>main:1>section:2>button:2"), 500, 500, 3],
    [numberOf("body:1>main:1>section:2>button:1"), 500, 500, 2],
  ];
  const drawn = await player.draw({ is: "heat", points });
  assert.deepEqual([drawn.lost, drawn.hidden], [12, 3]);
  const seen = drawn.seen as { element: number; tag: string; words: string }[];
  assert.deepEqual(seen.map(({ element, tag, words }) => [element, tag, words]), [[points[2]![0], "button", "***"]]);
  await player.close();
});

test("a press is met by the pane over the page, which says what element is there and lets the page feel nothing", async () => {
  const player = await replay.open(browser);
  const stood = await player.stand(asEvents(STYLE, body, { width: 1200, height: 800 }), AT);
  const element = numberOf("body:1>main:1>section:2>button:1");
  const drawn = await player.draw({ is: "heat", points: [[element, 500, 500, 2]] });
  const [box] = drawn.seen as { x: number; y: number; width: number; height: number }[];
  const scale = 860 / (stood.width as number);
  const frame = (await player.page.locator("iframe").boundingBox())!;
  const press = (x: number, y: number) => player.page.mouse.click(frame.x + x * scale, frame.y + y * scale);
  const pressed = async () => (await player.reports()).filter(({ is }) => is === "pressed").map((report) => report.element);
  // The button lies below what this harness shows of the page.
  await player.page.locator("iframe").evaluate((each) => {
    (each as HTMLElement).style.height = "3000px";
  });
  await press(box!.x + 5, box!.y + 5);
  await until("the press", async () => (await pressed()).length === 1);
  assert.deepEqual(await pressed(), [element]);
  await press(box!.x - 100, box!.y + 5);
  await until("the press beside it", async () => (await pressed()).length === 2);
  assert.deepEqual(await pressed(), [element, undefined]);
  await player.close();
});

test("shares are drawn from the top of the page to its end, with their figures", async () => {
  const player = await replay.open(browser);
  await player.stand(asEvents(STYLE, body, { width: 1200, height: 800 }), AT);
  const shares = Array.from({ length: 20 }, (_, at) => 1 - at / 20);
  for (const is of ["depth", "bands"]) {
    assert.equal((await player.draw({ is, shares })).is, "drawn");
    const figures = await player.inside.locator(".band").allInnerTexts();
    assert.deepEqual([figures[0], figures[10], figures[19], figures.length], ["100%", "50%", "5%", 20]);
  }
  await player.close();
});

test("where bands are seen too low for a figure each, every other one has its own, from the first", async () => {
  const player = await replay.open(browser);
  await player.stand(asEvents(STYLE, body, { width: 3000, height: 800 }), AT);
  await player.draw({ is: "bands", shares: Array.from({ length: 20 }, (_, at) => (20 - at) / 100) });
  const figures = await player.inside.locator(".band").allInnerTexts();
  assert.deepEqual(figures, Array.from({ length: 20 }, (_, at) => (at % 2 ? "" : `${20 - at}%`)));
  await player.close();
});

test("nothing is drawn over nothing", async () => {
  const player = await replay.open(browser);
  assert.equal((await player.draw({ is: "heat", points: [] })).is, "failed");
  assert.equal((await player.stand("[]", 0)).is, "failed");
  assert.equal((await player.draw({ is: "heat", points: [] })).is, "failed");
  await player.close();
});
