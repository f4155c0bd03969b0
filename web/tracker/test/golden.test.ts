// What the tracker puts on the wire, byte for byte in meaning. The server's tests read the same files.
// After a wanted change: `BLESS=1 npm test -w tracker`.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Page, type Scene } from "./page";

const wire = join(import.meta.dirname, "../../../fixtures/wire");
const VISITOR = "7d9f4c1e-5b0a-4c3e-9d2f-1a6b8c0e4f72";

interface Golden extends Scene {
  file: string;
  act?: (page: Page) => unknown;
}

const goldens: Golden[] = [
  { file: "pageview", url: "https://example.com/pricing?utm_source=letter&utm_campaign=spring" },
  { file: "pageview-referred", url: "https://example.com/", referrer: "https://www.wikipedia.org/" },
  { file: "pageview-hash", snippet: 'data-site="example.com" data-hash', url: "https://example.com/app#/inbox/7" },
  {
    file: "pageview-known-visitor",
    before: (window) => window.localStorage.setItem("candor_visitor", VISITOR),
  },
  { file: "pageview-several-sites", snippet: 'data-site="example.com, all.example.com"' },
  { file: "pageview-non-ascii", url: "https://example.com/bücher/größe?q=日本#teil" },
  {
    file: "pageview-late",
    answers: [503],
    act: (page) => page.pass(500),
  },
  {
    file: "engagement",
    url: "https://example.com/guide",
    act: async (page) => {
      page.scrollTo(400);
      await page.pass(41_500);
      page.setHidden(true);
    },
  },
  {
    file: "event",
    act: (page) => page.candor("event", "Search", { properties: { term: "copper", results: 12, fuzzy: true } }),
  },
  {
    file: "event-revenue",
    act: (page) => page.candor("event", "Purchase", { revenue: { amount: "1322.22", currency: "EUR" } }),
  },
  { file: "event-passive", act: (page) => page.candor("event", "Video loaded", { interactive: false }) },
  {
    file: "event-marked",
    body: '<button data-candor-event="Sign up" data-candor-prop-plan="team" data-candor-prop-paid-yearly="yes">Go</button>',
    act: (page) => page.click("button"),
  },
  {
    file: "outbound-link",
    body: '<a href="https://elsewhere.org/a/page?token=secret#part">there</a>',
    act: (page) => page.click("a"),
  },
  {
    file: "file-download",
    body: '<a href="/files/report.PDF?session=secret">report</a>',
    act: (page) => page.click("a"),
  },
  { file: "not-found", url: "https://example.com/no/such", snippet: 'data-site="example.com" data-404' },
];

test.each(goldens)("$file is sent as in fixtures/wire", async ({ file, act, ...scene }) => {
  const page = await Page.open(scene);
  await act?.(page);
  const path = join(wire, `${file}.v1.json`);
  if (process.env.BLESS) writeFileSync(path, `${JSON.stringify(page.last, null, 2)}\n`);
  expect(page.last).toEqual(JSON.parse(readFileSync(path, "utf8")));
});

test("fixtures/wire holds nothing that no test sends", () => {
  const files = readdirSync(wire).filter((name) => name.endsWith(".v1.json"));
  expect(files.sort()).toEqual(goldens.map(({ file }) => `${file}.v1.json`).sort());
});
