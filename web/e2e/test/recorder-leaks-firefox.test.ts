// The ways out of a page that are walked in Chromium, in Firefox: nothing that is entered leaves there either.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "puppeteer-core";
import { recorder, unveiled } from "../src/leaks/bundles";
import { cannot, Fox, handsOf, hasFirefox, openFirefox } from "../src/leaks/firefox";
import { record } from "../src/leaks/record";
import { find, makeCanary } from "../src/leaks/search";
import { Site } from "../src/leaks/site";
import { LISTED, type Vector } from "../src/leaks/vectors";
import { OWN } from "../src/leaks/vectors-own";

const ALL: readonly Vector[] = [...LISTED, ...OWN].filter(({ id }) => !cannot.has(id));
/** One of each kind is enough to see that this harness finds. */
const SEEN_TO_LEAK: ReadonlySet<string> = new Set(["L03", "L20", "L21", "L23", "L28", "M01", "M08", "M25"]);
const skip = hasFirefox() ? false : "there is no Firefox: apt-get install firefox-esr";

let browser: Browser;
let clippings: Fox;
before(async () => {
  if (skip) return;
  browser = await openFirefox();
  clippings = await Fox.open(browser);
});
after(() => browser?.close());

async function leaksOf(site: Site, vector: Vector): Promise<{ secret: string; finds: ReturnType<typeof find> }> {
  const secret = makeCanary();
  const fox = await Fox.open(browser);
  try {
    await record(site, fox.asPage, vector, secret, handsOf(fox, clippings));
    return { secret, finds: find(site.hays, secret) };
  } finally {
    await fox.close();
  }
}

describe("in Firefox, with the veil", { skip }, () => {
  let site: Site;
  before(async () => {
    site = await Site.open(await recorder());
  });
  after(() => site?.close());

  for (const vector of ALL) {
    test(`${vector.id}: ${vector.title}`, async () => {
      const { secret, finds } = await leaksOf(site, vector);
      assert.ok(site.snapshots >= 2, "the page was recorded");
      assert.deepEqual(finds, [], `${secret} was found`);
    });
  }
});

describe("in Firefox, without the veil", { skip }, () => {
  let site: Site;
  before(async () => {
    site = await Site.open(await unveiled());
  });
  after(() => site?.close());

  for (const vector of ALL.filter(({ id }) => SEEN_TO_LEAK.has(id))) {
    test(`${vector.id} is seen to leak`, async () => {
      const { secret, finds } = await leaksOf(site, vector);
      assert.notEqual(finds.length, 0, `${secret} was not found`);
    });
  }
});
