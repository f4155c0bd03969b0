// The same pages without the veil: what leaves the browser then is found there, and with the gate taken out as well it is found in
// what the server opens for an owner. With the gate in place fields are refused and text is starred, however long the
// recorder goes on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { unveiled } from "../src/leaks/bundles";
import { ALL, Trial } from "../src/leaks/trial";

const LEAKY = ALL.filter(({ isKeptAnyway }) => !isKeptAnyway);

let trial: Trial;
before(async () => {
  trial = await Trial.begin(await unveiled(), "starred", false);
});
after(() => trial?.end());

for (const vector of LEAKY) {
  test(`${vector.id} is seen to leak`, async () => {
    assert.notEqual((await trial.of(vector)).length, 0);
  });
}

test("the gate refuses what stands in fields, and lets through what it takes for a word of the page and nothing else", async () => {
  const statuses = trial.gated.statuses;
  assert.ok(statuses.includes(400), "chunks were refused");
  const leaked = await trial.leakedInto(trial.gated);
  assert.deepEqual(LEAKY.filter(({ id, isWord }) => leaked.has(id) && !isWord).map(({ id }) => id), []);
});

test("without the gate every secret is found in what the server keeps", async () => {
  const leaked = await trial.leakedInto(trial.gateless);
  assert.deepEqual(LEAKY.filter(({ id }) => !leaked.has(id)).map(({ id }) => id), []);
});
