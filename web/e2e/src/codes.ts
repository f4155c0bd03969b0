/** Codes of an authenticator app that nobody here wrote: OATH Toolkit's. */

import { execFileSync } from "node:child_process";
import { Missing } from "./missing";
import { until } from "./waiting";

const STEP_MS = 30_000;
const COMMAND = "oathtool";

export function provideCodes(): string {
  try {
    return execFileSync(COMMAND, ["--version"], { encoding: "utf8" }).split("\n")[0] ?? "";
  } catch (error) {
    throw new Missing("the codes of oathtool", "apt-get install oathtool", error);
  }
}

/** Codes of one secret, as its app shows them: each only once, since a code that was used is good no more. */
export class Authenticator {
  private last = 0;

  constructor(private readonly secret: string) {}

  /** The code of now; waits for the next where this one was used. */
  async code(): Promise<string> {
    await until("the next code", () => step() > this.last, STEP_MS + 1_000);
    this.last = step();
    const words = ["--totp", "--base32", this.secret];
    return execFileSync(COMMAND, words, { encoding: "utf8" }).trim();
  }
}

const step = () => Math.floor(Date.now() / STEP_MS);
