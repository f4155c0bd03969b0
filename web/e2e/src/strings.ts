/** Strings that would run, ask or lead elsewhere on a page that trusts its input, by technique. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Hostile {
  technique: string;
  text: string;
}

const FILE = join(import.meta.dirname, "../../../fixtures/hostile/strings.json");

export const { strings } = JSON.parse(readFileSync(FILE, "utf8")) as { strings: Hostile[] };
