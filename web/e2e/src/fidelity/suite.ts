/** One test a page, and a table of all of them. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asLine, COVERED_MAX, HEAD, PERCENT_MAX } from "./compare";
import { Measure, type Subject } from "./measure";

export function testFidelity(subjects: readonly Subject[]): void {
  let measure: Measure;
  before(async () => {
    console.log(HEAD);
    measure = await Measure.start();
  });
  after(() => measure?.stop());

  for (const subject of subjects) {
    test(`${subject.name} is replayed as it was seen`, async () => {
      const differences = await measure.of(subject);
      for (const each of differences) console.log(asLine(each));
      for (const { moment, percent, covered } of differences) {
        assert.ok(covered <= COVERED_MAX, `${moment}: ${covered.toFixed(0)} % are masks and boxes`);
        assert.ok(percent <= PERCENT_MAX, `${moment}: ${percent.toFixed(2)} % differ, see ${measure.folder}`);
      }
      assert.deepEqual(measure.complaints, []);
    });
  }
}
