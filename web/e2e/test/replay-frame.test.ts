// What a recording could do to whoever watches it: nothing, even where no gate has seen it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { openBrowser } from "../src/dashboard";
import { makeHostileChanges, makeHostileNodes, makeHostileRecording } from "../src/hostile-recordings";
import { type Missing, type Player, ReplayFrame } from "../src/replay-frame";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

/** Shows every hostile recording to one player, at its beginning, at its end, played through and standing still under a heatmap. */
async function showAll(replay: ReplayFrame, each: (technique: string, player: Player, shown: boolean) => Promise<void>): Promise<void> {
  const player = await replay.open(browser);
  for (const hostile of makeHostileNodes(replay.stranger)) {
    const { lines, end } = makeHostileRecording(hostile, replay.stranger);
    const first = await player.show(lines, end - 100);
    const last = await player.go(end);
    if (last === "shown") await player.go(end - 100, true);
    const stood = await player.stand(lines, end);
    if (stood.is === "stood") await player.draw({ is: "heat", points: [[HTML, 500, 500, 1]] });
    await each(hostile.technique, player, first === "shown" && last === "shown" && stood.is === "stood");
  }
  const plain = makeHostileNodes(replay.stranger).find(({ technique }) => technique === "markup as text")!;
  for (const { technique, event } of makeHostileChanges(replay.stranger)) {
    const { lines, end } = makeHostileRecording(plain, replay.stranger);
    const shown = await player.show(`${lines}\n${JSON.stringify(event)}`, end);
    await each(technique, player, shown === "shown");
  }
  await player.close();
}

/** The number of the page itself. */
const HTML = 2166136261;

const askedOfStrangers = ({ asked }: ReplayFrame) => asked.filter((each) => each.startsWith("stranger"));
/** The page around it, the frame's page and its script; a browser asks for an icon of the first by itself. */
const OWN = /^(page \/(favicon\.ico)?|frame \/(frame-[\w-]+\.js)?)$/;

test("no recording runs, asks, navigates or breaks the policy, and each is shown all the same", async () => {
  const replay = await ReplayFrame.serve();
  try {
    await showAll(replay, async (technique, player, shown) => {
      assert.ok(shown, `${technique} is not shown`);
      assert.deepEqual(player.alarms, [], technique);
      assert.match(await player.text(), /before|after/, technique);
    });
    assert.deepEqual(replay.asked.filter((each) => !OWN.test(each)), []);
  } finally {
    await replay.stop();
  }
});

/** What each wall alone lets through. */
async function gather(missing: Missing): Promise<{ alarms: string[]; asked: string[]; ran: boolean }> {
  const replay = await ReplayFrame.serve(missing);
  try {
    const alarms: string[] = [];
    await showAll(replay, async (_, player) => {
      alarms.push(...player.alarms.splice(0));
    });
    return { alarms, asked: askedOfStrangers(replay), ran: alarms.some((each) => each.startsWith("ALARM")) };
  } finally {
    await replay.stop();
  }
}

test("with the player's own wall taken out, policy and sandbox let nothing run and nothing out, and say what was tried", async () => {
  const { alarms, asked, ran } = await gather({ disarmer: true });
  assert.equal(ran, false);
  assert.deepEqual(asked, []);
  assert.ok(alarms.length > 0, "the harness hears of what was tried");
});

test("with the policy taken out, the player's own wall lets nothing run and nothing out", async () => {
  assert.deepEqual(await gather({ policy: true }), { alarms: [], asked: [], ran: false });
});

test("with both taken out, the harness sees what is asked of strangers", async () => {
  const { asked, ran } = await gather({ disarmer: true, policy: true });
  assert.ok(asked.length > 0);
  // Even then the sandbox of the inner frame lets no script run.
  assert.equal(ran, false);
});

test("a recording that is none is not shown, and the one after it is", async () => {
  const replay = await ReplayFrame.serve();
  try {
    const player = await replay.open(browser);
    const { lines, end } = makeHostileRecording({ technique: "nothing", node: { type: 3, textContent: "plain" } }, replay.stranger);
    for (const broken of ["", "{", "[]", '{"type":3,"timestamp":1,"data":{"source":3,"id":1,"x":0,"y":0}}']) {
      assert.equal(await player.show(broken, 0), "failed", broken);
    }
    assert.equal(await player.show(lines, end), "shown");
    assert.match(await player.text(), /after/);
    assert.deepEqual(player.alarms, []);
    await player.close();
  } finally {
    await replay.stop();
  }
});

test("the frame listens to the page that may embed it, once, and to nobody else", async () => {
  const replay = await ReplayFrame.serve();
  try {
    const player = await replay.open(browser);
    const answered = await player.page.evaluate(async (origin) => {
      const frame = document.querySelector("iframe")!.contentWindow!;
      const { port1, port2 } = new MessageChannel();
      const answer = new Promise((done) => (port1.onmessage = () => done(true)));
      frame.postMessage({ candor: "replay", version: 1 }, origin, [port2]);
      port1.postMessage({ do: "open", turn: 1, events: "", at: 0, playing: false });
      return Promise.race([answer, new Promise((done) => setTimeout(() => done(false), 500))]);
    }, replay.frame);
    assert.equal(answered, false);
    await player.close();
    // Embedded by a page of another origin it is not even loaded.
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(replay.stranger);
    const loaded = await stranger.evaluate(async (source) => {
      const frame = document.createElement("iframe");
      const ready = new Promise((done) => frame.addEventListener("load", done));
      frame.src = source;
      document.body.append(frame);
      await ready;
      return frame.contentWindow!.length;
    }, `${replay.frame}/`);
    assert.equal(loaded, 0);
    assert.ok(stranger.frames().every((frame) => !frame.url().startsWith(replay.frame)));
    await stranger.context().close();
  } finally {
    await replay.stop();
  }
});
