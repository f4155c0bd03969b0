// The script's size is a promise: one file, all of it, and its compressed forms are the same script.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";

const BROTLI_BYTES_MAX = 32 * 1_024;

const read = (name: string) => readFileSync(join(import.meta.dirname, "../dist", name));

test("the script is at most 32 KB as brotli", () => {
  expect(read("r.js.br").length).toBeLessThanOrEqual(BROTLI_BYTES_MAX);
});

test("both compressed forms unpack to the script", () => {
  expect(brotliDecompressSync(read("r.js.br"))).toEqual(read("r.js"));
  expect(gunzipSync(read("r.js.gz"))).toEqual(read("r.js"));
});

test("the script has no code that films a canvas, writes to no console and knows no place to load from", () => {
  expect(read("r.js").toString()).not.toMatch(/createImageBitmap|console\.|https?:\/\/(?!www\.w3\.org)/);
});
