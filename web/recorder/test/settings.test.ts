// Settings that are not understood mean no recording, or the strictest.

import { expect, test } from "vitest";
import { readSettings } from "../src/settings";

const WHOLE = { on: true, sample: 100, text: "clear", signals: "ignore", idle_minutes: 5, length_minutes: 60 };

test("what the server allows is read as it stands", () => {
  expect(readSettings(WHOLE)).toEqual({
    sample: 100,
    isClear: true,
    isHonouring: false,
    idleMs: 300_000,
    lengthMs: 3_600_000,
    sheets: [],
  });
  expect(readSettings({ ...WHOLE, sheets: ["a"] })!.sheets).toEqual(["a"]);
  expect(readSettings({ ...WHOLE, sheets: "a" })!.sheets).toEqual([]);
});

test.each([
  null,
  undefined,
  "on",
  [],
  {},
  { ...WHOLE, on: "true" },
  { ...WHOLE, on: false },
  { ...WHOLE, sample: undefined },
  { ...WHOLE, sample: "100" },
  { ...WHOLE, sample: 101 },
  { ...WHOLE, sample: Number.NaN },
  { ...WHOLE, idle_minutes: -1 },
  { ...WHOLE, idle_minutes: null },
  { ...WHOLE, length_minutes: "60" },
  { ...WHOLE, length_minutes: 1_441 },
])("%j is no recording", (answer) => expect(readSettings(answer)).toBeUndefined());

test.each(["CLEAR", "none", "", true, undefined])("text %j is starred", (text) =>
  expect(readSettings({ ...WHOLE, text })!.isClear).toBe(false),
);

test.each(["Ignore", "off", null, undefined])("signals %j are honoured", (signals) =>
  expect(readSettings({ ...WHOLE, signals })!.isHonouring).toBe(true),
);
