/**
 * The site that is measured: the SQLite documentation of Debian, hundreds of linked pages that nobody here wrote.
 * It is fetched once, into a folder outside the checkout, and never changed.
 */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Missing } from "./missing";

const PACKAGE = "sqlite3-doc";
const FOLDER = "usr/share/doc/sqlite3";

/** The folder with the pages, fetched if need be. */
export function provideDocumentation(): string {
  const installed = join("/", FOLDER);
  if (existsSync(join(installed, "index.html"))) return installed;
  const cache = process.env.CANDOR_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "candor-e2e");
  const unpacked = join(cache, PACKAGE);
  const pages = join(unpacked, FOLDER);
  if (!existsSync(join(pages, "index.html"))) fetchPackage(cache, unpacked);
  return pages;
}

function fetchPackage(cache: string, unpacked: string): void {
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, "fetch-"));
  try {
    // The sandbox user of apt may not write here; running without it is what apt would do by itself, with a warning.
    execFileSync("apt-get", ["-o", "APT::Sandbox::User=root", "download", PACKAGE], { cwd: work, stdio: "pipe" });
    const archive = readdirSync(work).find((name) => name.endsWith(".deb"));
    execFileSync("dpkg-deb", ["-x", archive ?? "", "tree"], { cwd: work, stdio: "pipe" });
    rmSync(unpacked, { recursive: true, force: true });
    renameSync(join(work, "tree"), unpacked);
  } catch (error) {
    throw new Missing(`the Debian package ${PACKAGE}, which the browser reads as its site`, `apt-get update && apt-get install ${PACKAGE}`, error);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
