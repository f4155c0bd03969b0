/** What the recorders beside ours weigh under brotli, in bytes, as JSON. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { brotliCompressSync } from "node:zlib";
import { bundles } from "./bundles.mjs";

const packed = (bytes) => brotliCompressSync(bytes).length;
const made = await bundles();
const posthog = readFileSync(createRequire(import.meta.url).resolve("posthog-js/dist/posthog-recorder.js"));
const sizes = {
  "PostHog, its recorder": packed(posthog),
  "Sentry, its replay": packed(made["sentry.js"]) - packed(made["sentry-without.js"]),
  rrweb: packed(made["alone.js"]),
};
console.log(JSON.stringify(sizes));
