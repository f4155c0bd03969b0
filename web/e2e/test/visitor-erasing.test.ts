// One visitor is erased on their page: what would go is told, each of their ids has a receipt, and nothing that is left names them.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { Caller } from "../src/caller";
import { openBrowser } from "../src/dashboard";
import { inAllLooks } from "../src/looks";
import { inJson, Server } from "../src/server";
import { Somebody } from "../src/somebody";

const SITE = "shop.example";
/** A browser that is no bot. */
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
const ALSO_ADA = "5f0e6d0a-0c1c-4b9e-9a53-0a8f3c2b7d11";

let server: Server;
let browser: Browser;
let owner: Caller;
let ada: string;
before(async () => {
  server = await Server.start([SITE]);
  browser = await openBrowser();
  owner = Caller.owner(server);
  const identified = { attributes: [{ name: "plan", kind: "text" }] };
  const { write_key } = await owner.ask<{ write_key: string }>("PATCH", `/api/sites/${SITE}`, { identity: "always", identified });
  await segment(write_key, "identify", { userId: "ada", traits: { plan: "team" } });
  await segment(write_key, "track", { userId: "ada", event: "Signed Up" });
  const found = await owner.ask<{ visitors: { visitor: string }[] }>("GET", `/api/sites/${SITE}/visitors?id=ada`);
  ada = found.visitors[0]!.visitor;
  await owner.ask("POST", `/api/sites/${SITE}/aliases`, { from: ALSO_ADA, to: ada });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function segment(writeKey: string, call: string, body: object): Promise<void> {
  const sent = inJson({ ...body, writeKey, messageId: `${call} 1` });
  const answer = await fetch(`${server.origin}/v1/${call}`, { ...sent, headers: { ...sent.headers, "user-agent": FIREFOX } });
  assert.equal(answer.status, 200, await answer.text());
}

test("erasing tells what would go, is asked for twice, and the receipt of each id is a file that is looked at again later", async () => {
  const somebody = await Somebody.signedIn(browser, server);
  await somebody.goTo(`/${SITE}/visitors/${ada}`);
  await somebody.sees(/What would go: 1 event in 1 visit, 0 recordings/);
  const ofBackups = somebody.page.getByText(/A backup may hold it until .*, unless there is no newer one/);
  await ofBackups.waitFor({ state: "detached" });
  await somebody.page.route("**/api/health", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), backups: "ok" } });
  });
  await somebody.page.reload();
  await ofBackups.waitFor();
  await somebody.page.unroute("**/api/health");
  await somebody.press("Erase …");
  await somebody.dialog("Erase this visitor?").getByRole("button", { name: "Erase for ever" }).click();
  await somebody.seesHeading("They are erased");
  await inAllLooks(somebody, "visitor-erased");
  await somebody.sees(/They had 2 ids, and each has an erasure of its own: 1 and 2 are in the privacy centre/);
  for (const number of [1, 2]) {
    const [file] = await Promise.all([somebody.page.waitForEvent("download"), somebody.press(`Save receipt ${number}`)]);
    assert.equal(file.suggestedFilename(), `${SITE}-erasure-${number}.txt`);
    assert.match(await readFile(await file.path(), "utf8"), new RegExp(`^erasure: ${number}$`, "m"));
  }
  await somebody.page.getByRole("link", { name: "Privacy centre" }).click();
  await somebody.press("Check erasure 2");
  await somebody.sees("Still true: nothing of it is there.");
  await somebody.sees(/No backups are made here\./);
  await somebody.goTo(`/${SITE}/visitors/${ada}`);
  await somebody.sees("Nothing is known of them.");
  await somebody.leave();
});

test("who had somebody erased is written down, and the server's log complains of nothing and names nobody", async () => {
  const { entries } = await owner.ask<{ entries: { act: string }[] }>("GET", "/api/audit?limit=200");
  const acts = new Set(entries.map(({ act }) => act));
  for (const act of ["erasure_preview", "visitor_erase", "visitor_erased", "erasure_check"]) assert.ok(acts.has(act), act);
  assert.deepEqual(server.complaints, []);
  assert.deepEqual(server.log.filter((text) => text.includes(ada)), []);
});
