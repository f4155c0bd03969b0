// The Segment HTTP API as its own client for servers speaks it: @segment/analytics-node, as the registry has it, unmodified.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { Analytics } from "@segment/analytics-node";
import { COOKIE } from "../src/owner";
import { inJson, Server } from "../src/server";
import { until } from "../src/waiting";

const SITE = "example.com";

let server: Server;
let writeKey: string;
before(async () => {
  server = await Server.start([SITE]);
  const attributes = [
    { name: "plan", kind: "text" },
    { name: "seats", kind: "number" },
  ];
  const change = { ...inJson({ identified: { attributes } }), method: "PATCH" };
  const site = await server.ask<{ write_key: string }>(`/api/sites/${SITE}`, change);
  writeKey = site.write_key;
});
after(() => server?.stop());

interface Further {
  httpClient?: ConstructorParameters<typeof Analytics>[0]["httpClient"];
  flushAt?: number;
}

function client(further: Further = {}): Analytics {
  return new Analytics({ writeKey, host: server.origin, path: "/v1/batch", ...further });
}

/** Sends what waits, and fails with whatever the client says went wrong. */
async function flush(analytics: Analytics, errors: unknown[]): Promise<void> {
  await analytics.closeAndFlush({ timeout: 60_000 });
  assert.deepEqual(errors, []);
}

function heard(analytics: Analytics): unknown[] {
  const errors: unknown[] = [];
  analytics.on("error", (error) => errors.push(error));
  return errors;
}

async function count(metric: string, filters: unknown[] = []): Promise<number> {
  const { results } = await server.query({ site_id: SITE, date_range: "7d", metrics: [metric], filters });
  return results[0]?.metrics[0] ?? 0;
}

const named = (name: string) => [["is", "event:name", [name]]];

/** What is kept of somebody, as the owner sees it. */
async function visitor(id: string): Promise<{ id?: string; attributes: { name: string; value: unknown }[] }> {
  const headers = { cookie: `${COOKIE}=${server.owner.signIn}` };
  const get = async (path: string) => {
    const answer = await fetch(server.origin + path, { headers });
    assert.equal(answer.status, 200);
    return answer.json();
  };
  const found = (await get(`/api/sites/${SITE}/visitors?id=${id}`)) as { visitors: { visitor: string }[] };
  return (await get(`/api/sites/${SITE}/visitors/${found.visitors[0]!.visitor}`)) as Awaited<ReturnType<typeof visitor>>;
}

test("whatever it sends arrives: what happened is in reports, and who visitors are is kept", async () => {
  const analytics = client();
  const errors = heard(analytics);
  analytics.identify({ userId: "ada", anonymousId: "anon-1", traits: { plan: "pro", seats: 3, shoe: "left" } });
  analytics.track({ userId: "ada", event: "Signed Up", properties: { source: "letter", revenue: 9.5, currency: "EUR" } });
  analytics.page({ userId: "ada", name: "Home", properties: { url: `https://${SITE}/home` } });
  analytics.screen({ userId: "ada", name: "Settings" });
  analytics.group({ userId: "ada", groupId: "g1", traits: { name: "Acme" } });
  analytics.alias({ userId: "ada", previousId: "anon-0" });
  await flush(analytics, errors);
  assert.equal(await count("events", named("Signed Up")), 1);
  assert.equal(await count("pageviews"), 2);
  assert.equal(await count("visitors"), 1);
  const ada = await visitor("ada");
  assert.equal(ada.id, "ada");
  assert.deepEqual(
    ada.attributes.map(({ name, value }) => [name, value]),
    [
      ["plan", "pro"],
      ["seats", 3],
    ],
  );
});

test("a batch may be packed on its way", async () => {
  const packing: Further["httpClient"] = (url, init) => {
    const body = gzipSync(init.body as string);
    return fetch(url, { ...init, body, headers: { ...init.headers, "content-encoding": "gzip" } });
  };
  const analytics = client({ httpClient: packing });
  const errors = heard(analytics);
  for (let sent = 0; sent < 40; sent += 1) analytics.track({ userId: "packed", event: "Packed" });
  await flush(analytics, errors);
  assert.equal(await count("events", named("Packed")), 40);
});

test("what the server cannot take is sent again by itself, and counts once", async () => {
  let turnedAway = 0;
  let doubled = 0;
  const unlucky: Further["httpClient"] = async (url, init) => {
    // One in three is never answered though it arrived, one in three does not arrive.
    const chance = (turnedAway + doubled) % 3;
    if (turnedAway + doubled < 6 && chance === 1) {
      doubled += 1;
      await fetch(url, init);
      throw new TypeError("the answer got lost");
    }
    if (turnedAway + doubled < 6) {
      turnedAway += 1;
      return new Response("", { status: 503 });
    }
    return fetch(url, init);
  };
  const analytics = client({ httpClient: unlucky, flushAt: 10 });
  const errors = heard(analytics);
  for (let sent = 0; sent < 30; sent += 1) analytics.track({ userId: `again-${sent % 5}`, event: "Again" });
  await flush(analytics, errors);
  assert.ok(turnedAway > 0 && doubled > 0);
  assert.equal(await count("events", named("Again")), 30);
});

/** The server's process in this role. */
function processOf(role: string): number | undefined {
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
      const parent = readFileSync(`/proc/${name}/stat`, "utf8").split(") ").pop()!.split(" ")[1];
      if (words.includes("process") && words.includes(role) && Number(parent) === server.pid) return Number(name);
    } catch {
      // It ended meanwhile.
    }
  }
  return undefined;
}

test("though edge and worker are killed in the middle, every event counts exactly once", async () => {
  const analytics = client({ flushAt: 20 });
  const errors = heard(analytics);
  let sent = 0;
  const send = async (many: number) => {
    for (let one = 0; one < many; one += 1) {
      analytics.track({ userId: `killed-${one % 7}`, event: "Through" });
      sent += 1;
      if (one % 20 === 0) await new Promise((next) => setTimeout(next, 1));
    }
  };
  for (const role of ["edge", "worker", "edge", "edge", "worker"]) {
    const sending = send(200);
    const before = await until(`a process of ${role}`, () => processOf(role));
    process.kill(before, "SIGKILL");
    await sending;
    await until(`another ${role}`, () => {
      const now = processOf(role);
      return now !== undefined && now !== before;
    });
  }
  await flush(analytics, errors);
  assert.equal(sent, 1_000);
  const counted = await until("an answer", () => count("events", named("Through")).catch(() => undefined));
  assert.equal(counted, sent);
});
