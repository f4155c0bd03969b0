/** A folder that backups go to, and the key pair by which they open, made by the program itself. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./operators";

export class BackupTarget {
  /** Beside the folder, as a stick would be. */
  private readonly at = mkdtempSync(join(tmpdir(), "candor-e2e-backups-"));
  readonly folder = join(this.at, "target");
  private readonly identity = join(this.at, "identity.txt");

  constructor() {
    mkdirSync(this.folder);
    run("backup", "keygen", "--output", this.identity);
  }

  /** What a server is told of it. Its own drills need the identity. */
  get settings(): string[] {
    const [, recipient = ""] = /^# public key: (\S+)$/m.exec(readFileSync(this.identity, "utf8")) ?? [];
    return ["--backup-to", this.folder, "--backup-recipient", recipient, "--backup-drill-identity", this.identity];
  }

  /** As a disk that is not mounted any more. */
  takeAway(): void {
    rmSync(this.folder, { recursive: true });
  }

  remove(): void {
    rmSync(this.at, { recursive: true, force: true });
  }
}
