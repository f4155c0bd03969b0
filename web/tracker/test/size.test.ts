// The script's size is a promise: one file, all of it, and its compressed forms are the same script.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";

const BROTLI_BYTES_MAX = 1_700;

const read = (name: string) => readFileSync(join(import.meta.dirname, "../dist", name));

test("the script is at most 1,700 bytes as brotli", () => {
  expect(read("c.js.br").length).toBeLessThanOrEqual(BROTLI_BYTES_MAX);
});

test("both compressed forms unpack to the script", () => {
  expect(brotliDecompressSync(read("c.js.br"))).toEqual(read("c.js"));
  expect(gunzipSync(read("c.js.gz"))).toEqual(read("c.js"));
});

test("the script loads nothing else but the recorder", () => {
  const script = read("c.js").toString();
  expect(script).not.toMatch(/\bimport\b|https?:/);
  expect(script.match(/createElement/g)).toHaveLength(1);
});
