/** Processes that must not outlive the tests, also where a test runner ends them in the middle. */

import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";

const children = new Set<ChildProcess>();

export function spawnChild(command: string, words: string[], stdio: StdioOptions): ChildProcess {
  const child = spawn(command, words, { stdio });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});
process.once("SIGTERM", () => process.exit(1));
process.once("SIGINT", () => process.exit(1));
