// The script's size is a promise: one file, all of it, and its compressed forms are the same script.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";

const BROTLI_BYTES_MAX = 1_700;
const KNOWN_BROTLI_BYTES_MAX = 900;

const read = (name: string) => readFileSync(join(import.meta.dirname, "../dist", name));

test("the script is at most 1,700 bytes as brotli", () => {
  expect(read("c.js.br").length).toBeLessThanOrEqual(BROTLI_BYTES_MAX);
});

test("the script of pages that know their visitors is at most 900 bytes as brotli, and no other page loads it", () => {
  expect(read("i.js.br").length).toBeLessThanOrEqual(KNOWN_BROTLI_BYTES_MAX);
  expect(read("c.js").toString()).not.toContain("i.js");
});

test.each(["c.js", "i.js"])("both compressed forms of %s unpack to the script", (name) => {
  expect(brotliDecompressSync(read(`${name}.br`))).toEqual(read(name));
  expect(gunzipSync(read(`${name}.gz`))).toEqual(read(name));
});

test("the script loads nothing else but the recorder", () => {
  const script = read("c.js").toString();
  expect(script).not.toMatch(/\bimport\b|https?:/);
  expect(script.match(/createElement/g)).toHaveLength(1);
});
