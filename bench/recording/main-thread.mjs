/**
 * What a recorder takes of a page's main thread: `node main-thread.mjs PORT ROUNDS RECORDER...`. The page has 10,000 nodes, 200 of which change each
 * second while a mouse moves over it; every round each recorder has it once, in a browser process of its own. Says in JSON, for
 * each round and recorder, the CPU time of the main thread from the page's load on, and the longest task's share that the
 * recorder's script has.
 */

import { setTimeout as pass } from "node:timers/promises";
import { openBrowser, openPage } from "./browser.mjs";
import { Sink } from "./sink.mjs";

/** How long the page changes. */
const SPAN_MS = 10_000;
/** The scripts of recorders, by what their addresses end with. */
const SCRIPTS = /\/(?:c|r|alone|plain|posthog|sentry)\.js$/;
const CATEGORIES = ["toplevel", "devtools.timeline", "v8"];
const STEP_MS = 50;

const [candor, rounds, ...recorders] = process.argv.slice(2);
const sink = await Sink.open(Number(candor));
const told = [];

async function measure(recorder, round) {
  const browser = await openBrowser();
  const page = await openPage(browser);
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await session.send("Tracing.start", { traceConfig: { includedCategories: CATEGORIES }, transferMode: "ReportEvents" });
  await page.goto(`${sink.origin(recorder, round)}/large`, { waitUntil: "load" });
  const before = await spent(session);
  await page.evaluate("begin()");
  const until = Date.now() + SPAN_MS;
  for (let at = 0; Date.now() < until; at += 1) {
    await page.mouse.move(100 + ((at * 13) % 800), 100 + ((at * 7) % 500));
    await pass(STEP_MS);
  }
  const after = await spent(session);
  const ended = new Promise((end) => session.once("Tracing.tracingComplete", end));
  await session.send("Tracing.end");
  await ended;
  await browser.close();
  const requests = (sink.taken.get(`${recorder}-${round}`) ?? []).length;
  return { recorder, round, ms: after * 1_000, changing_ms: (after - before) * 1_000, requests, ...longest(events) };
}

/** Seconds of CPU that the page's main thread has had. */
async function spent(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value;
}

/** The most milliseconds that scripts of the recorder have of one task, and those of the longest task in which they have any. */
function longest(events) {
  const main = events.find(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const here = events.filter(({ ph, pid, tid, dur }) => ph === "X" && dur && (!main || (pid === main.pid && tid === main.tid)));
  const tasks = here
    .filter(({ name }) => name === "ThreadControllerImpl::RunTask" || name === "RunTask")
    .sort((one, other) => one.ts - other.ts);
  const calls = here.filter(isOurs).sort((one, other) => one.ts - other.ts);
  let [most, whole, end] = [0, 0, 0];
  for (const task of tasks) {
    if (task.ts < end) continue;
    end = task.ts + task.dur;
    let [share, until] = [0, 0];
    for (const call of calls) {
      if (call.ts < task.ts || call.ts >= end || call.ts < until) continue;
      until = call.ts + call.dur;
      share += spentIn(call);
    }
    most = Math.max(most, share / 1_000);
    if (share) whole = Math.max(whole, spentIn(task) / 1_000);
  }
  return { longest_ms: most, longest_task_ms: whole, calls: calls.length, tasks: tasks.length };
}

/** What it took of the main thread's time: that other processes had the core meanwhile is nobody's doing here. */
const spentIn = ({ tdur, dur }) => tdur ?? dur;

/** Nothing but a recorder has microtasks on that page; a whole run of them is told without whose they are. */
const isOurs = ({ name, args }) =>
  name === "RunMicrotasks" ||
  ((name === "FunctionCall" || name === "EvaluateScript" || name === "v8.callFunction") && SCRIPTS.test(args?.data?.url ?? ""));

for (let round = 1; round <= Number(rounds); round += 1) {
  const turned = recorders.map((_, at) => recorders[(at + round) % recorders.length]);
  for (const recorder of turned) told.push(await measure(recorder, round));
}
sink.close();
console.log(JSON.stringify(told));
