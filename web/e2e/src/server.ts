/** A Candor of its own for a test: the built binary on a free port of loopback, with a fresh data directory. */

import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { spawnChild } from "./children";
import { Missing } from "./missing";
import { becomeOwner, type Owner } from "./owner";
import { findPorts } from "./ports";
import type { MailServer } from "./smtp";
import { until } from "./waiting";

/** Whom a server that sends mail names as the one to reach. */
export const CONTACT = "mailto:privacy@candor.example";
const ANSWER_MS_MAX = 10_000;

/** The binary under test: as told, else the release build, else the debug build. */
export function provideBinary(): string {
  const root = join(import.meta.dirname, "../../..");
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const told = process.env.CANDOR_BIN;
  const found = told ? [told] : [join(target, "release/candor"), join(target, "debug/candor")];
  const binary = found.find((path) => existsSync(path));
  if (!binary) throw new Missing(`the server's binary (looked at ${found.join(", ")})`, "make build");
  return binary;
}

/** The test-only twin of the binary under test, which controls can be taken out of: the debug build's, beside it. */
function provideTwin(): string {
  const told = process.env.CANDOR_BIN;
  const target = process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, "../../../target");
  const twin = told ? join(dirname(told), "candor-twin") : join(target, "debug/candor-twin");
  if (!existsSync(twin)) throw new Missing(`the server's twin at ${twin}`, "cargo build -p candor --bins");
  return twin;
}

export class Server {
  /** Everything the server wrote to its log, a line each. */
  readonly log: string[] = [];
  private known?: Owner;

  private constructor(
    /** By the name that browsers trust without https. */
    readonly origin: string,
    readonly data: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => this.log.push(...text.split("\n").filter(Boolean)));
    }
  }

  /** Starts one that has an owner and these sites. */
  static async start(sites: string[], mail?: MailServer, ...settings: string[]): Promise<Server> {
    return (await Server.spawned([provideBinary()], mail, settings)).owned(sites);
  }

  /** Starts the twin without these controls, parted by commas, with an owner and these sites. */
  static async without(controls: string, sites: string[]): Promise<Server> {
    return (await Server.spawned([provideTwin(), "--without", controls])).owned(sites);
  }

  private async owned(sites: string[]): Promise<this> {
    try {
      this.known = await becomeOwner(this.origin, this.setupToken);
      for (const domain of sites) await this.ask("/api/sites", inJson({ domain, timezone: "UTC" }));
    } catch (error) {
      await this.stop();
      throw new Error(`The server took no owner or no site.\n${this.log.join("\n")}`, { cause: error });
    }
    return this;
  }

  /** Starts one that nobody owns yet, and waits until every process serves. */
  static fresh(mail?: MailServer): Promise<Server> {
    return Server.spawned([provideBinary()], mail);
  }

  private static async spawned([program, ...own]: [string, ...string[]], mail?: MailServer, settings: string[] = []): Promise<Server> {
    const data = mkdtempSync(join(tmpdir(), "candor-e2e-"));
    const port = await findPorts();
    const origin = `http://localhost:${port}`;
    // What is behind a proxy sends links to https alone, which these tests do not speak.
    const further = mail
      ? ["--public-url", origin, "--contact", CONTACT, ...mail.settings]
      : ["--behind-proxy", "127.0.0.1/32"];
    const words = [...own, "serve", "--data", data, "--listen", `127.0.0.1:${port}`, ...further, ...settings];
    const child = spawnChild(program, words, ["ignore", "pipe", "pipe"]);
    const server = new Server(origin, data, child);
    try {
      await until("the server to be healthy", () => server.isHealthy());
    } catch (error) {
      await server.stop();
      throw new Error(`The server did not start.\n${server.log.join("\n")}`, { cause: error });
    }
    return server;
  }

  /** Its first owner, where the test's own server has made one. */
  get owner(): Owner {
    if (!this.known) throw new Error("Nobody owns this server yet.");
    return this.known;
  }

  /** Where operators come in: two ports on. */
  get operators(): string {
    return `http://localhost:${Number(new URL(this.origin).port) + 2}`;
  }

  /** What makes somebody the owner, as it is written down until it is used. */
  get setupToken(): string {
    return readFileSync(join(this.data, "setup-token"), "utf8").trim();
  }

  /** Its supervisor's process. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  async stop(): Promise<void> {
    const ended = new Promise((end) => this.child.once("exit", end));
    if (this.child.exitCode === null && this.child.kill("SIGTERM")) await ended;
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Lines that speak of something wrong. */
  get complaints(): string[] {
    return this.log.filter((line) => /^\S+ \S+ +\S+ +(error|warning) |panicked/.test(line));
  }

  async get<T>(path: string): Promise<T> {
    return this.ask(path, {});
  }

  async query<T = { results: Row[] }>(query: object): Promise<T> {
    return this.ask("/api/v2/query", inJson(query));
  }

  /** Posts an event as a program would: the given headers and nothing a browser adds. */
  send(body: object, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.origin}/api/event`, { method: "POST", signal: AbortSignal.timeout(ANSWER_MS_MAX), headers, body: JSON.stringify(body) });
  }

  /** Asks with the owner's API key. */
  async ask<T>(path: string, init: RequestInit): Promise<T> {
    const headers = { ...init.headers, authorization: `Bearer ${this.owner.key}` };
    const answer = await fetch(this.origin + path, { signal: AbortSignal.timeout(ANSWER_MS_MAX), ...init, headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  }

  private async isHealthy(): Promise<boolean> {
    if (this.child.exitCode !== null) throw new Error(`The server ended with ${this.child.exitCode}.`);
    const answer = await fetch(`${this.origin}/api/health`).catch(() => undefined);
    return answer?.status === 200;
  }
}

export interface Row {
  dimensions: string[];
  metrics: (number | null)[];
}

export function inJson(body: object): RequestInit & { headers: Record<string, string> } {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
