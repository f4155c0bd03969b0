/** One test a page, and the table of all of them at the end. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { COVERED_MAX, PERCENT_MAX, printTable } from "./compare";
import { Measure, type Subject } from "./measure";

export function testFidelity(subjects: readonly Subject[]): void {
  let measure: Measure;
  before(async () => {
    measure = await Measure.start();
  });
  after(async () => {
    if (!measure) return;
    printTable(measure.differences);
    await measure.stop();
  });

  for (const subject of subjects) {
    test(`${subject.name} is replayed as it was seen`, async () => {
      for (const { moment, percent, covered } of await measure.of(subject)) {
        assert.ok(covered <= COVERED_MAX, `${moment}: ${covered.toFixed(0)} % are masks and boxes`);
        assert.ok(percent <= PERCENT_MAX, `${moment}: ${percent.toFixed(2)} % differ, see ${measure.folder}`);
      }
      assert.deepEqual(measure.complaints, []);
    });
  }
}
