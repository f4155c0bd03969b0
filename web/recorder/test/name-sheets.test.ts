// A style sheet that the server has is named, and nothing else is.

import { createHash } from "node:crypto";
import { expect, test, vi } from "vitest";
import { nameSheets } from "../src/name-sheets";

const sheetOf = (length: number) => 'a::before { content: "ä" }\n'.repeat(400).slice(0, length);
const SHEET = sheetOf(9_000);
const chunk = (sheet: string) =>
  JSON.stringify({ attributes: { _cssText: sheet, media: "all" }, textContent: `"_cssText":"${sheet}"` });
const nameOf = (sheet: string) =>
  createHash("sha256").update(JSON.stringify(sheet).slice(1, -1)).digest().subarray(0, 16).toString("base64url");
const named = (sheet: string) => chunk(sheet).replace(JSON.stringify(sheet), `"@sheet ${nameOf(sheet)}"`);

test.each(Array.from({ length: 70 }, (_, at) => 5_000 + at))(
  "of %i signs the name is by SHA-256, and text that looks like a sheet stays",
  async (length) => {
    const sheet = sheetOf(length);
    expect(await nameSheets(chunk(sheet), ["other", nameOf(sheet)])).toBe(named(sheet));
  },
);

test("of several sheets each is named or sent by itself", async () => {
  const sheets = [sheetOf(5_000), sheetOf(6_000), sheetOf(7_000)];
  const [first, , last] = sheets;
  expect(await nameSheets(sheets.map(chunk).join(), [nameOf(first!), nameOf(last!)])).toBe(
    [named(first!), chunk(sheets[1]!), named(last!)].join(),
  );
});

test("where there are no digests every sheet is sent", async () => {
  vi.stubGlobal("crypto", {});
  expect(await nameSheets(chunk(SHEET), [nameOf(SHEET)])).toBe(chunk(SHEET));
  vi.unstubAllGlobals();
});

test("a sheet that the server has not is sent", async () => {
  for (const names of [[], [nameOf(`${SHEET} `)]]) expect(await nameSheets(chunk(SHEET), names)).toBe(chunk(SHEET));
});

test("a small sheet is sent, whatever is known", async () => {
  const small = sheetOf(1_000);
  expect(await nameSheets(chunk(small), [nameOf(small), ""])).toBe(chunk(small));
});

test("as a text it does the same: the worker has nothing else", async () => {
  const alone = new Function(`return ${nameSheets}`)() as typeof nameSheets;
  expect(await alone(chunk(SHEET), [nameOf(SHEET)])).toBe(named(SHEET));
});
