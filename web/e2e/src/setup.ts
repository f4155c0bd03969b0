/** Checks, before any test, that everything is there, and names what is not. */

import { provideBinary } from "./server";
import { provideBrowser } from "./browser";
import { provideDocumentation } from "./documentation";
import { provideCodes } from "./codes";
import { provideSshKeys } from "./operators";
import { provideMailServer } from "./smtp";

const failures: string[] = [];
for (const provide of [provideBinary, provideBrowser, provideDocumentation, provideMailServer, provideCodes, provideSshKeys]) {
  try {
    console.log(provide());
  } catch (error) {
    failures.push((error as Error).message);
  }
}
for (const failure of failures) console.error(failure);
process.exitCode = failures.length ? 1 : 0;
