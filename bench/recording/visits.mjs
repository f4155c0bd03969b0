/**
 * Visits with one recorder beside the other: `node visits.mjs PORT VISITS AT_ONCE FOLDER RECORDER...`. Each visit is made with every recorder, some
 * at once. Says in JSON what each sent in each visit, and leaves what Candor's sent in FOLDER.
 */

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { openBrowser, openPage } from "./browser.mjs";
import { Sink, unpacked } from "./sink.mjs";
import { visit } from "./visit.mjs";

/** What is sent while a page goes has come after so long without anything. */
const SILENT_MS = 1_500;
const OURS = ["candor", "starred"];
/** A style sheet as it stands in a chunk, and the name of one. */
const SHEET = /"_cssText":"([^"\\]*(?:\\.[^"\\]*)*)"/g;
const NAMED = /"_cssText":"@sheet ([^"]*)"/g;

const [candor, visits, atOnce, folder, ...recorders] = process.argv.slice(2);
const browser = await openBrowser();
const sink = await Sink.open(Number(candor));
const told = [];
const due = Array.from({ length: Number(visits) }, (_, at) => recorders.map((recorder) => [recorder, at + 1])).flat();

async function work() {
  for (let next = due.shift(); next; next = due.shift()) told.push(await make(...next));
}

async function make(recorder, number) {
  const page = await openPage(browser);
  const took = await visit(page, sink.origin(recorder, number), number);
  const taken = sink.taken.get(`${recorder}-${number}`) ?? [];
  for (let count = -1; count !== taken.length; ) {
    count = taken.length;
    await pass(SILENT_MS);
  }
  await page.context().close();
  const bytes = taken.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return { recorder, visit: number, ms: took, requests: taken.length, bytes, ...more(recorder, number, taken) };
}

/** Of Candor that each chunk was taken; of rrweb what its events are under one gzip. */
function more(recorder, number, taken) {
  if (recorder === "rrweb" || recorder === "like") {
    const events = taken.flatMap(({ bytes }) => JSON.parse(unpacked(bytes)));
    return { stored: gzipSync(JSON.stringify(events)).length };
  }
  if (!OURS.includes(recorder)) return {};
  const refused = taken.filter(({ answer }) => answer !== 202);
  if (refused.length || !taken.length)
    throw new Error(
      `of visit ${number} ${refused.length} of ${taken.length} chunks were not taken: ${refused.map(({ told }) => told)}`,
    );
  return { asked: taken.filter(({ told }) => told.includes("ask")).length };
}

/** Leaves Candor's chunks in the folder, each with the style sheets that it names put in, as the server does before anything else. */
function leave() {
  const sheets = new Map();
  const ours = [...sink.taken].filter(([who]) => OURS.includes(who.split("-")[0]));
  const chunks = ours.map(([who, taken]) => [who, taken.map(({ bytes }) => unpacked(bytes))]);
  for (const chunk of chunks.flatMap(([, all]) => all)) {
    for (const [, sheet] of chunk.matchAll(SHEET))
      sheets.set(createHash("sha256").update(sheet).digest().subarray(0, 16).toString("base64url"), sheet);
  }
  for (const [who, all] of chunks) {
    const into = join(folder, ...who.split("-"));
    mkdirSync(into, { recursive: true });
    all.forEach((chunk, at) => {
      const whole = chunk.replace(NAMED, (_, name) => `"_cssText":"${sheets.get(name)}"`);
      writeFileSync(join(into, String(at).padStart(4, "0")), whole);
    });
  }
}

await Promise.all(Array.from({ length: Number(atOnce) }, work));
await browser.close();
leave();
sink.close();
console.log(JSON.stringify(told));
