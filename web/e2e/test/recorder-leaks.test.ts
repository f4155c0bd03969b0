// What is entered on a page never leaves the browser with its recording, whichever way the page takes it, and nothing of it is
// anywhere in a server that kept the recording: neither in its log, nor on its disk, nor in what it opens for an owner.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { recorder } from "../src/leaks/bundles";
import { ALL, Trial } from "../src/leaks/trial";

let trial: Trial;
before(async () => {
  trial = await Trial.begin(await recorder(), "clear", true);
});
after(() => trial?.end());

for (const vector of ALL) {
  test(`${vector.id}: ${vector.title}`, async () => {
    assert.deepEqual(await trial.of(vector), []);
    assert.ok(trial.site.snapshots >= 2, "the page was recorded");
  });
}

test("the server took every chunk, and nothing that was entered is anywhere in it", async () => {
  assert.deepEqual([...new Set(trial.gated.statuses)], [202]);
  assert.deepEqual(await trial.foundIn(trial.gated), []);
  assert.deepEqual(trial.gated.complaints, []);
});

test("nor is it in one without the gate: the veil is enough by itself", async () => {
  assert.deepEqual([...new Set(trial.gateless.statuses)], [202]);
  assert.deepEqual(await trial.foundIn(trial.gateless), []);
});
