/** A Candor of its own for a test: the built binary on a free port of loopback, with a fresh data directory. */

import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnChild } from "./children";
import { Missing } from "./missing";
import { until } from "./waiting";

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

export class Server {
  /** Everything the server wrote to its log, a line each. */
  readonly log: string[] = [];

  private constructor(
    readonly origin: string,
    private readonly data: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => this.log.push(...text.split("\n").filter(Boolean)));
    }
  }

  /** Starts it with these sites and waits until every process serves. */
  static async start(sites: string[]): Promise<Server> {
    const data = mkdtempSync(join(tmpdir(), "candor-e2e-"));
    const port = await findPorts();
    const words = ["serve", "--data", data, "--listen", `127.0.0.1:${port}`, "--behind-proxy", "127.0.0.1/32"];
    const child = spawnChild(provideBinary(), words, ["ignore", "pipe", "pipe"]);
    const server = new Server(`http://127.0.0.1:${port}`, data, child);
    try {
      await until("the server to be healthy", () => server.isHealthy());
      for (const domain of sites) await server.ask("/api/sites", inJson({ domain, timezone: "UTC" }));
    } catch (error) {
      await server.stop();
      throw new Error(`The server did not start.\n${server.log.join("\n")}`, { cause: error });
    }
    return server;
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

  private async ask<T>(path: string, init: RequestInit): Promise<T> {
    const answer = await fetch(this.origin + path, { signal: AbortSignal.timeout(ANSWER_MS_MAX), ...init });
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

function inJson(body: object): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** A port that is free together with the next one, where the metrics are. */
async function findPorts(): Promise<number> {
  return until("two free ports in a row", async () => {
    const port = await bindOnce(0);
    return port && (await bindOnce(port + 1)) ? port : undefined;
  });
}

function bindOnce(port: number): Promise<number | undefined> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once("error", () => done(undefined));
    probe.listen(port, "127.0.0.1", () => {
      const { port: bound } = probe.address() as { port: number };
      probe.close(() => done(bound));
    });
  });
}
