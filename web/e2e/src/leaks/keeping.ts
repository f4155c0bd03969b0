/**
 * A real server behind the adversarial site: whatever the recorder sends is handed on to it as it came, and everything that it
 * then holds can be looked through: its log at the loudest, what lies in its folders, and what it opens for an owner.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Caller } from "../caller";
import { Server } from "../server";
import { until } from "../waiting";
import type { Hay } from "./search";
import { textOf } from "./site";

const DOMAIN = "adversary.example";
const PATIENCE_MS = 60_000;
const SCREENS = ["phone", "tablet", "desktop"];
/** Names of pages, which the recorder draws: by chance one holds the beginning of a secret. */
const DRAWN = /"(?:id|page)":"[\w-]{11}"/g;
/** Headers that are the connection's own, and no part of what the browser says. */
const OWN_HEADERS = /^(?:host|connection|content-length|accept-encoding|transfer-encoding)$/;

export interface Reply {
  readonly status: number;
  readonly body: string;
}

interface List {
  recordings: { id: string }[];
  next?: string;
}

export class Keeping {
  /** Statuses of chunks, as they were answered. */
  readonly statuses: number[] = [];

  private constructor(private readonly server: Server) {}

  /** A server that tells everything it can in its log, and has these controls taken out beside. */
  static async start(text: "clear" | "starred", ...without: string[]): Promise<Keeping> {
    const server = await Server.without(["quiet", ...without].join(","), [DOMAIN]);
    await Caller.owner(server).ask("PATCH", `/api/sites/${DOMAIN}`, { recording: { on: true, text } });
    return new Keeping(server);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  get complaints(): string[] {
    return this.server.complaints;
  }

  async take(headers: Record<string, string>, body: Buffer): Promise<Reply> {
    const told = Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.test(name)));
    const answer = await fetch(`${this.server.origin}/api/recording`, { method: "POST", headers: told, body: new Uint8Array(body) });
    this.statuses.push(answer.status);
    return { status: answer.status, body: await answer.text() };
  }

  /** What waits in the spool for the worker, as it lies there. */
  spooled(): Hay[] {
    return filesOf(join(this.server.data, "spool"));
  }

  /** Everything, once all that was acknowledged is where it stays. */
  async hays(): Promise<Hay[]> {
    await until("the spool to be taken in", () => !this.spooled().some(({ where }) => where.endsWith(".chunks")), PATIENCE_MS);
    const log = { where: "the log", bytes: Buffer.from(this.server.log.join("\n")) };
    return [log, ...filesOf(this.server.data), ...filesOf(`${this.server.data}.keys`), ...(await this.opened())];
  }

  /** What an owner is given: the list, each recording's index and the events of all its scenes, heatmaps, and the audit log. */
  private async opened(): Promise<Hay[]> {
    const owner = Caller.owner(this.server);
    const site = `/api/sites/${DOMAIN}`;
    const hays: Hay[] = [];
    /** A text may be spread over elements. */
    const texts = (lines: string) => {
      const events = lines.split("\n").filter(Boolean).map((line) => JSON.parse(line));
      for (const { type, data } of events) if (type === 2) hays.push({ where: "all text of a kept snapshot in one", bytes: Buffer.from(textOf(data.node)) });
    };
    const look = async <T>(path: string, also?: (text: string) => void): Promise<T> => {
      const answer = await owner.tryAsk("GET", path);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
      hays.push({ where: `what ${path} answers`, bytes: Buffer.from(text.replace(DRAWN, "")) });
      for (const drawn of text.match(DRAWN) ?? []) hays.push({ where: `a name in what ${path} answers`, bytes: Buffer.from(drawn), isRandom: true });
      also?.(text);
      return answer.headers.get("content-type") === "application/json" ? JSON.parse(text) : (undefined as T);
    };
    for (let next: string | undefined = ""; next !== undefined; ) {
      const list: List = await look(`${site}/recordings?limit=100${next && `&after=${next}`}`);
      for (const { id } of list.recordings) {
        const { scenes } = await look<{ scenes: { from: number; playable: boolean }[] }>(`${site}/recordings/${id}`);
        for (const { from } of scenes.filter(({ playable }) => playable)) await look(`${site}/recordings/${id}/events?from=${from}`, texts);
      }
      next = list.next;
    }
    const { paths } = await owner.ask<{ paths: object }>("GET", "/api/openapi.json");
    if ("/api/sites/{domain}/heatmap" in paths) {
      const { pages } = await look<{ pages: { path: string }[] }>(`${site}/heatmap/pages?period=7d`);
      const asked = pages.flatMap(({ path }) => SCREENS.map((screen) => `page=${encodeURIComponent(path)}&screen=${screen}`));
      for (const question of asked) await look(`${site}/heatmap?${question}&period=7d`);
    }
    await look("/api/audit");
    return hays;
  }
}

/** Every file of a folder, as its bytes are; one that goes meanwhile is none. */
function filesOf(folder: string): Hay[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap(({ parentPath, name }) => {
    try {
      return [{ where: name, bytes: readFileSync(join(parentPath, name)), isRandom: true }];
    } catch {
      return [];
    }
  });
}
