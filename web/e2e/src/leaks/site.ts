/**
 * The adversarial site: it serves one page at a time with the recorder on it, and keeps every byte that the recorder sends
 * it, as it came. It takes chunks as the server would, or hands them on to servers, and can ask for a snapshot, so that a page
 * is recorded twice over.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import { until } from "../waiting";
import type { Keeping, Reply } from "./keeping";
import type { Hay } from "./search";

export interface SentChunk {
  p: string;
  r: string;
  visitor?: string;
  n: number;
  z?: 1;
  u: string;
  e: { type: number; timestamp: number; data: Record<string, unknown> }[];
}

export interface Showing {
  readonly html: string;
  /** More attributes of the snippet. */
  readonly snippet?: string;
  /** What the site allows, where it is not everything. */
  readonly settings?: unknown;
  readonly headers?: Record<string, string>;
  /** What the question for settings is answered with, where it is not 200. */
  readonly settingsStatus?: number;
  /** What chunks are answered with, in turn; 202 from then on. */
  readonly answers?: { status: number; body: object }[];
}

/** Servers that chunks are handed on to. */
export interface Relay {
  readonly keepings: readonly Keeping[];
  /** Whether the recorder hears what the first of them answers; else it goes on whatever they say. */
  readonly isHeard: boolean;
}

interface Told {
  type?: number;
  textContent?: string;
  childNodes?: Told[];
}

export class Site {
  hays: Hay[] = [];
  chunks: SentChunk[] = [];
  private isAsking = false;
  private showing: Showing = { html: "" };

  private constructor(
    private readonly script: Buffer,
    private readonly http: Server,
    readonly origin: string,
    private readonly relay: Relay,
  ) {}

  static async open(script: Buffer, relay: Relay = { keepings: [], isHeard: false }): Promise<Site> {
    const http = createServer((asked, answer) => site.answer(asked, answer));
    await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
    const site = new Site(script, http, `http://127.0.0.1:${(http.address() as { port: number }).port}`, relay);
    return site;
  }

  close(): void {
    this.http.closeAllConnections();
    this.http.close();
  }

  /** Puts a page up and forgets what was sent from others. */
  show(showing: Showing): void {
    this.showing = showing;
    this.hays = [];
    this.chunks = [];
    this.isAsking = false;
  }

  /** Has the page say all of itself anew with its next chunk, and waits for it. */
  async snapshotAgain(): Promise<void> {
    const had = this.snapshots;
    this.isAsking = true;
    await until("another snapshot", () => this.snapshots > had, 20_000);
  }

  get snapshots(): number {
    return this.chunks.reduce((count, { e }) => count + e.filter(({ type }) => type === 2).length, 0);
  }

  get events() {
    return this.chunks.flatMap(({ e }) => e);
  }

  private answer(asked: IncomingMessage, answer: ServerResponse): void {
    const path = new URL(asked.url ?? "/", this.origin).pathname;
    if (path === "/api/recording") void this.take(asked, answer);
    else if (path === "/api/recording/settings") {
      this.keep("the question for settings", asked, Buffer.alloc(0));
      const settings = this.showing.settings ?? { on: true, sample: 100, text: "clear", signals: "honour", idle_minutes: 5, length_minutes: 60 };
      answer.writeHead(this.showing.settingsStatus ?? 200, { "content-type": "application/json" }).end(JSON.stringify(settings));
    } else if (path === "/r.js") answer.writeHead(200, { "content-type": "text/javascript" }).end(this.script);
    else if (path === "/" || path.startsWith("/p")) this.serve(answer);
    else answer.writeHead(path.startsWith("/echo") ? 200 : 404, { "content-type": "text/plain" }).end("");
  }

  private serve(answer: ServerResponse): void {
    const snippet = `<script src="/r.js" data-site="adversary.example" data-api="/api/event" ${this.showing.snippet ?? ""}></script>`;
    answer
      .writeHead(200, { "content-type": "text/html; charset=utf-8", ...this.showing.headers })
      .end(`<!doctype html><html><head><title>A page</title></head><body>${this.showing.html}${snippet}</body></html>`);
  }

  private async take(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of asked) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    this.keep(`a chunk`, asked, body);
    const isPacked = body[0] === 0x1f;
    const chunk = JSON.parse((isPacked ? gunzipSync(body) : body).toString("utf8")) as SentChunk;
    if (!this.chunks.some(({ p, n }) => p === chunk.p && n === chunk.n)) this.chunks.push(chunk);
    const given = this.showing.answers?.shift();
    if (given) {
      answer.writeHead(given.status, { "content-type": "application/json" }).end(JSON.stringify(given.body));
      return;
    }
    const isAsking = this.isAsking;
    this.isAsking = false;
    const { status, body: said } = await this.handOn(asked, body);
    answer.writeHead(status, { "content-type": "application/json" }).end(isAsking && status === 202 ? '{"ask":"snapshot"}' : said);
  }

  /** One after another, as the page sends them; what is acknowledged on every side is acknowledged. */
  private async handOn({ headers }: IncomingMessage, body: Buffer): Promise<Reply> {
    const replies: Reply[] = [];
    for (const keeping of this.relay.keepings) replies.push(await keeping.take(headers as Record<string, string>, body));
    return (this.relay.isHeard && replies[0]) || { status: 202, body: "{}" };
  }

  /** Everything of a request; what is random in a chunk apart from what is not. */
  private keep(what: string, { url, headers, method }: IncomingMessage, body: Buffer): void {
    this.hays.push({ where: `address of ${what}`, bytes: Buffer.from(`${method} ${url}`) });
    this.hays.push({ where: `headers of ${what}`, bytes: Buffer.from(JSON.stringify(headers)) });
    this.hays.push({ where: `bytes of ${what}`, bytes: body, isRandom: true });
    if (!body.length) return;
    const { r: _, p: __, ...told } = JSON.parse((body[0] === 0x1f ? gunzipSync(body) : body).toString("utf8"));
    this.hays.push({ where: what, bytes: Buffer.from(JSON.stringify(told)) });
    for (const { type, data } of (told as SentChunk).e) {
      if (type === 2) this.hays.push({ where: "all text of a snapshot in one", bytes: Buffer.from(textOf(data.node as Told)) });
    }
  }
}

/** What a reader sees, however many elements it is spread over. */
export function textOf({ type, textContent, childNodes }: Told): string {
  return type === 3 ? (textContent ?? "") : (childNodes ?? []).map(textOf).join("");
}
