/**
 * Brings events to the server in numbered chunks, one after another, each kept in memory until it was acknowledged and
 * sent again with growing waits until then. What the memory cannot hold is let go, oldest first: the numbers show the
 * gap, and a new snapshot begins after it. Nothing is ever written to the browser.
 */

import { LIMITS } from "./dialect";
import type { CleanEvent } from "./raw";

export interface Head {
  readonly d: string;
  readonly u: string;
  readonly visitor?: string;
  readonly r: string;
}

/** What the transport needs of the world, so that tests hold the clock and the network. */
export interface World {
  /** Sends a body; the status, what was answered and how long to wait. Rejects where there is no network. */
  post(body: ArrayBuffer | string, keepalive: boolean): Promise<Reply>;
  pack(text: string): Promise<ArrayBuffer>;
  head(): Head;
  /** An id for a page that begins. */
  pageId(): string;
  /** Asked before every send: a visitor's opt-out counts at once. */
  isSilent(): boolean;
  askedForSnapshot(): void;
  stopped(): void;
}

export interface Reply {
  readonly status: number;
  readonly body: { readonly ask?: unknown; readonly stop?: unknown };
  readonly retryAfterMs?: number;
}

interface Chunk {
  /** Nothing any more once it is packed. */
  text: string;
  /** What it takes while it waits. */
  size: number;
  packed?: ArrayBuffer;
  packing?: Promise<void>;
  /** On its way while the page may be going. */
  isLeaving?: boolean;
}

export const FLUSH_MS = 5_000;
/** So much waits at most to be sent: little enough that a page which goes takes it along. */
export const FLUSH_SIGNS = 49_152;
/** So little goes along with a larger event, as a page's beginning does with its snapshot. */
export const ALONG_SIGNS = 1_024;
/** What one page may still send while it goes: browsers give 64 KB to all of it together. */
export const KEEPALIVE_BYTES = 60_000;
/** What waits for its acknowledgement at most, in signs, before it is let go. */
export const WAITING_SIGNS_MAX = 8 * 1_048_576;
const FIRST_WAIT_MS = 1_000;
const LAST_WAIT_MS = 60_000;

export class Transport {
  private page: string;
  private number = 0;
  private events: string[] = [];
  private signs = 0;
  private readonly waiting: Chunk[] = [];
  private waitingSigns = 0;
  private keepalive = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isSending = false;
  private failures = 0;
  /** Something was let go: what follows means nothing until a snapshot, and that waits until the server is back. */
  private isTorn = false;
  private isOver = false;

  constructor(private readonly world: World) {
    this.page = world.pageId();
  }

  add(event: CleanEvent): void {
    if (this.isOver || this.isTorn) return;
    const text = JSON.stringify(event);
    // The server would refuse the whole chunk.
    if (text.length * 3 > LIMITS.chunk_bytes && new TextEncoder().encode(text).length > LIMITS.chunk_bytes - 65_536)
      return this.stop();
    // Little goes along with what is large: without its page's tree the server would ask for all of it again.
    if (this.signs > ALONG_SIGNS && this.signs + text.length > FLUSH_SIGNS) this.flush();
    this.events.push(text);
    this.signs += text.length;
    if (this.signs >= FLUSH_SIGNS || this.events.length >= LIMITS.events) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  /** Makes a chunk of what is there and sends it. */
  flush(): void {
    const text = this.cut(false);
    if (text === undefined) return;
    this.keep(text);
    void this.send();
  }

  /** The page may be gone in a moment: what is small enough goes now, whatever becomes of it. */
  tail(isLast: boolean): void {
    if (this.isOver || this.world.isSilent()) return;
    const text = this.cut(isLast);
    for (const chunk of this.waiting) if (!chunk.isLeaving) this.sendTail(chunk.packed ?? chunk.text, chunk);
    if (text !== undefined) this.sendTail(text, this.keep(text));
  }

  /** The page goes on as another: it came back, or so much later that it is another visit. */
  begin(): void {
    this.flush();
    this.page = this.world.pageId();
    this.number = 0;
  }

  stop(): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    this.events = [];
    this.waiting.length = 0;
    this.world.stopped();
  }

  private cut(isLast: boolean): string | undefined {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.isOver || !(this.events.length || (isLast && this.number))) return undefined;
    const head = { v: 1, ...this.world.head(), p: this.page, n: this.number, ...(isLast && { z: 1 }) };
    const text = `${JSON.stringify(head).slice(0, -1)},"e":[${this.events.join(",")}]}`;
    this.number += 1;
    this.events = [];
    this.signs = 0;
    return text;
  }

  private keep(text: string): Chunk {
    const chunk: Chunk = { text, size: text.length };
    this.waiting.push(chunk);
    this.waitingSigns += chunk.size;
    // The parts of a large page come faster than they go, and wait packed.
    if (chunk.size > FLUSH_SIGNS) this.pack(chunk).catch(() => undefined);
    while (this.waitingSigns > WAITING_SIGNS_MAX && this.waiting.length > 1) {
      this.forget(this.waiting[0]!);
      this.isTorn = true;
    }
    return chunk;
  }

  private pack(chunk: Chunk): Promise<void> {
    const done = (packed: ArrayBuffer) => {
      chunk.packed = packed;
      chunk.text = "";
      if (this.waiting.includes(chunk)) this.waitingSigns -= chunk.size - packed.byteLength;
      chunk.size = packed.byteLength;
    };
    chunk.packing ??= this.world.pack(chunk.text).then(done);
    return chunk.packing;
  }

  private forget(chunk: Chunk): void {
    const at = this.waiting.indexOf(chunk);
    if (at < 0) return;
    this.waiting.splice(at, 1);
    this.waitingSigns -= chunk.size;
  }

  /** One chunk at a time, in order. */
  private async send(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    for (;;) {
      const chunk = this.waiting.find(({ isLeaving }) => !isLeaving);
      if (!chunk || this.isOver) break;
      if (this.world.isSilent()) {
        this.stop();
        break;
      }
      const wait = await this.attempt(chunk);
      if (wait > 0) await new Promise((passed) => setTimeout(passed, wait));
    }
    this.isSending = false;
  }

  /** How long to wait before the next attempt; 0 where this chunk is done with. */
  private async attempt(chunk: Chunk): Promise<number> {
    let reply: Reply;
    try {
      await this.pack(chunk);
      if (chunk.size > LIMITS.request_bytes) {
        this.forget(chunk);
        this.stop();
        return 0;
      }
      reply = await this.world.post(chunk.packed!, false);
    } catch {
      if (!chunk.packed) chunk.packing = undefined;
      return this.nextWait();
    }
    if (reply.status === 429 || reply.status >= 500) return Math.max(this.nextWait(), reply.retryAfterMs ?? 0);
    this.failures = 0;
    this.forget(chunk);
    this.obey(reply);
    return 0;
  }

  private nextWait(): number {
    this.failures += 1;
    return Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.failures - 1)) * (1 + Math.random() / 2);
  }

  private obey({ status, body }: Reply): void {
    if (this.isOver) return;
    if (status !== 202 || body.stop) this.stop();
    else if (body.ask === "snapshot" || this.isTorn) {
      this.isTorn = false;
      this.world.askedForSnapshot();
    }
  }

  private sendTail(body: ArrayBuffer | string, chunk: Chunk): void {
    const size = typeof body === "string" ? new TextEncoder().encode(body).length : body.byteLength;
    if (this.keepalive + size > KEEPALIVE_BYTES) return void this.send();
    this.keepalive += size;
    chunk.isLeaving = true;
    const done = (reply?: Reply) => {
      this.keepalive -= size;
      chunk.isLeaving = false;
      // It is still kept, and goes the ordinary way if the page stays.
      if (!reply || reply.status === 429 || reply.status >= 500) return void this.send();
      this.forget(chunk);
      this.obey(reply);
    };
    this.world.post(body, true).then(done, () => done());
  }
}
