/** A page as it stands, narrow and wide, light and dark: nobody is shut out of it, and nothing is cut off. */

import assert from "node:assert/strict";
import { findViolations, overflowOf, settle } from "./axe";
import type { Somebody } from "./somebody";

export async function inAllLooks({ page }: Somebody, state: string): Promise<void> {
  const before = page.viewportSize()!;
  for (const width of [360, 1600]) {
    for (const scheme of ["light", "dark"] as const) {
      const look = `${state}, ${scheme}, ${width} pixels wide`;
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: scheme });
      await settle(page);
      const folder = process.env.CANDOR_PICTURES;
      if (folder) await page.screenshot({ path: `${folder}/console-${state}-${scheme}-${width}.png`, fullPage: true });
      assert.deepEqual(await findViolations(page), [], look);
      assert.equal(await overflowOf(page), 0, look);
    }
  }
  await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: "light" });
}
