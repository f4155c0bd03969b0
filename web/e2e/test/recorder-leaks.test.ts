// What is entered on a page never leaves the browser with its recording, whichever way the page takes it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { recorder, unveiled } from "../src/leaks/bundles";
import { Hands } from "../src/leaks/hands";
import { openPersonal, record } from "../src/leaks/record";
import { find, makeCanary } from "../src/leaks/search";
import { Site } from "../src/leaks/site";
import { LISTED, type Vector } from "../src/leaks/vectors";
import { OWN } from "../src/leaks/vectors-own";

const ALL: readonly Vector[] = [...LISTED, ...OWN];
let browser: Browser;
let context: BrowserContext;
let clippings: Page;
before(async () => {
  browser = await openPersonal();
  context = await browser.newContext();
  clippings = await context.newPage();
});
after(() => browser?.close());

/** What of a vector's secret was found in all that the recorder sent. */
async function leaksOf(site: Site, vector: Vector): Promise<{ secret: string; finds: ReturnType<typeof find> }> {
  const secret = makeCanary();
  const page = await context.newPage();
  try {
    await record(site, page, vector, secret, await Hands.of(page, clippings));
    return { secret, finds: find(site.hays, secret) };
  } finally {
    await page.close();
  }
}

describe("with the veil", () => {
  let site: Site;
  before(async () => {
    site = await Site.open(await recorder());
  });
  after(() => site.close());

  for (const vector of ALL) {
    test(`${vector.id}: ${vector.title}`, async () => {
      const { secret, finds } = await leaksOf(site, vector);
      assert.ok(site.snapshots >= 2, "the page was recorded");
      assert.deepEqual(finds, [], `${secret} was found`);
    });
  }
});

describe("without the veil", () => {
  let site: Site;
  before(async () => {
    site = await Site.open(await unveiled());
  });
  after(() => site.close());

  for (const vector of ALL.filter(({ isKeptAnyway }) => !isKeptAnyway)) {
    test(`${vector.id} is seen to leak`, async () => {
      const { secret, finds } = await leaksOf(site, vector);
      assert.notEqual(finds.length, 0, `${secret} was not found`);
    });
  }
});
