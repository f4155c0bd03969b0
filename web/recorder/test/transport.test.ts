// Chunks arrive in order and once, or leave a gap that can be seen; nothing large goes while the page goes.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Kind } from "../src/raw";
import {
  ALONG_SIGNS,
  FLUSH_MS,
  FLUSH_SIGNS,
  KEEPALIVE_BYTES,
  type Reply,
  Transport,
  WAITING_SIGNS_MAX,
  type World,
} from "../src/transport";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

interface Sent {
  n: number;
  p: string;
  z?: number;
  e: { data: { said: string } }[];
}

/** A server that answers what it is told to, and 202 from then on. */
class Server implements World {
  readonly sent: Sent[] = [];
  readonly keepalives: boolean[] = [];
  snapshots = 0;
  stops = 0;
  isOptedOut = false;
  private pages = 0;
  readonly transport: Transport;

  constructor(private readonly answers: (Reply | "no network")[] = []) {
    this.transport = new Transport(this);
  }

  async post(body: ArrayBuffer | string, keepalive: boolean): Promise<Reply> {
    this.sent.push(JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body)));
    this.keepalives.push(keepalive);
    const answer = this.answers.shift() ?? { status: 202, body: {} };
    if (answer === "no network") throw new TypeError("Failed to fetch");
    return answer;
  }

  pack = async (text: string) => new TextEncoder().encode(text).buffer as ArrayBuffer;
  head = () => ({ d: "example.com", u: "https://example.com/", r: "r" });
  pageId = () => `page${++this.pages}`;
  isSilent = () => this.isOptedOut;
  askedForSnapshot = () => {
    this.snapshots += 1;
  };
  stopped = () => {
    this.stops += 1;
  };

  say(said: string): void {
    this.transport.add({ type: Kind.Change, data: { said }, timestamp: 1 });
  }

  get numbers(): number[] {
    return this.sent.map(({ n }) => n);
  }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const status = (status: number, body: object = {}, retryAfterMs?: number): Reply => ({ status, body, retryAfterMs });

test("what is said within five seconds goes together, numbered from nought", async () => {
  const server = new Server();
  server.say("a");
  server.say("b");
  await pass(FLUSH_MS - 1);
  expect(server.sent).toEqual([]);
  await pass(1);
  server.say("c");
  await pass(FLUSH_MS);
  expect(server.sent.map(({ n, e }) => [n, e.map(({ data }) => data.said)])).toEqual([
    [0, ["a", "b"]],
    [1, ["c"]],
  ]);
  expect(server.keepalives).toEqual([false, false]);
});

test("what is large goes at once, and is not put behind what was there", async () => {
  const server = new Server();
  server.say("small".repeat(ALONG_SIGNS));
  server.say("x".repeat(FLUSH_SIGNS));
  await pass(0);
  expect(server.numbers).toEqual([0, 1]);
});

test.each([status(503), status(429), "no network" as const])(
  "what was not acknowledged is sent again, the same, with growing waits: %j",
  async (failure) => {
    const server = new Server([failure, failure, failure]);
    server.say("a");
    await pass(FLUSH_MS);
    const made = [server.sent.length];
    for (const wait of [1_000, 2_000, 4_000, 600_000]) {
      await pass(wait);
      made.push(server.sent.length);
    }
    expect(made).toEqual([1, 2, 3, 4, 4]);
    expect(server.numbers).toEqual([0, 0, 0, 0]);
  },
);

test("the server's word on when to come again is kept", async () => {
  const server = new Server([status(429, {}, 30_000)]);
  server.say("a");
  await pass(FLUSH_MS + 29_999);
  expect(server.sent.length).toBe(1);
  await pass(1);
  expect(server.sent.length).toBe(2);
});

test("a later chunk waits for the earlier one", async () => {
  const server = new Server([status(503)]);
  server.say("a");
  await pass(FLUSH_MS);
  server.say("b");
  server.transport.flush();
  await pass(999);
  expect(server.numbers).toEqual([0]);
  await pass(1);
  expect(server.numbers).toEqual([0, 0, 1]);
});

test("a server that lost the page gets a snapshot", async () => {
  const server = new Server([status(202, { ask: "snapshot" })]);
  server.say("a");
  await pass(FLUSH_MS);
  expect([server.snapshots, server.stops]).toEqual([1, 0]);
});

test.each([status(400, { stop: true }), status(400), status(403), status(413), status(404), status(202, { stop: true })])(
  "%j ends it for this page",
  async (answer) => {
    const server = new Server([answer]);
    server.say("a");
    await pass(FLUSH_MS);
    server.say("b");
    server.transport.tail(true);
    await pass(600_000);
    expect([server.sent.length, server.stops]).toEqual([1, 1]);
  },
);

test("an opt-out ends it before the next send", async () => {
  const server = new Server([status(503)]);
  server.say("a");
  await pass(FLUSH_MS);
  server.isOptedOut = true;
  await pass(600_000);
  server.transport.tail(true);
  expect([server.sent.length, server.stops]).toEqual([1, 1]);
});

test("a page that goes sends its tail at once, and says that it was the last", async () => {
  const server = new Server();
  server.say("a");
  server.transport.tail(true);
  expect(server.sent).toMatchObject([{ n: 0, z: 1 }]);
  expect(server.keepalives).toEqual([true]);
  await pass(600_000);
  expect(server.sent.length).toBe(1);
});

test("a page whose last chunk has gone still says that it was the last", async () => {
  const server = new Server();
  server.say("a");
  await pass(FLUSH_MS);
  server.transport.tail(true);
  expect(server.sent[1]).toMatchObject({ n: 1, z: 1, e: [] });
});

test("a tail that is too large goes the ordinary way", async () => {
  const server = new Server();
  server.say("x".repeat(KEEPALIVE_BYTES));
  server.transport.tail(false);
  await pass(0);
  expect(server.keepalives).toEqual([false]);
});

test("tails share one allowance until they are acknowledged", async () => {
  const server = new Server();
  for (const said of ["a", "b"]) {
    server.say(said.repeat(KEEPALIVE_BYTES / 2));
    server.transport.tail(false);
  }
  expect(server.keepalives).toEqual([true]);
  await pass(0);
  server.say("c".repeat(KEEPALIVE_BYTES / 2));
  server.transport.tail(false);
  expect(server.keepalives).toEqual([true, false, true]);
});

test("a tail that failed goes the ordinary way while the page stays", async () => {
  const server = new Server(["no network"]);
  server.say("a");
  server.transport.tail(false);
  await pass(0);
  expect(server.keepalives).toEqual([true, false]);
  expect(server.numbers).toEqual([0, 0]);
});

test("what cannot be kept is let go, oldest first, and a snapshot follows the gap", async () => {
  const server = new Server(["no network"]);
  const part = "x".repeat(WAITING_SIGNS_MAX / 16);
  for (let count = 0; count < 16; count += 1) server.say(part);
  server.say("meaningless without what is gone");
  expect(server.snapshots).toBe(0);
  await pass(600_000);
  expect(server.snapshots).toBe(1);
  expect(server.numbers.slice(0, 3)).toEqual([0, 1, 2]);
  expect(server.numbers.at(-1)).toBe(15);
  expect(JSON.stringify(server.sent)).not.toContain("meaningless");
});

test("a page that comes back is another page", async () => {
  const server = new Server();
  server.say("a");
  server.transport.tail(true);
  server.transport.begin();
  server.say("b");
  await pass(FLUSH_MS);
  expect(server.sent.map(({ p, n }) => [p, n])).toEqual([
    ["page1", 0],
    ["page2", 0],
  ]);
});

test("what is little goes along with what is large", async () => {
  const server = new Server();
  server.say("begins");
  server.say("x".repeat(FLUSH_SIGNS));
  await vi.advanceTimersByTimeAsync(0);
  expect(server.sent.map(({ e }) => e.map(({ data }) => data.said.slice(0, 6)))).toEqual([["begins", "xxxxxx"]]);
});
