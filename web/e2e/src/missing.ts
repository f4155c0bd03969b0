/** Something these tests need and this machine lacks, with the command that brings it. */

export class Missing extends Error {
  constructor(thing: string, command: string, cause?: unknown) {
    super(`Missing: ${thing}. Run: ${command}`, { cause });
    this.name = "Missing";
  }
}
