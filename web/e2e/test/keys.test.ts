// What the pages give out and take back: API keys and signed-in devices; and the audit log that tells of it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join as path } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { join } from "../src/caller";
import { openBrowser } from "../src/dashboard";
import { EMAIL, PASSWORD } from "../src/owner";
import { provideBinary, Server } from "../src/server";
import { Somebody } from "../src/somebody";

const SITE = "shop.example";

let server: Server;
let browser: Browser;
let owner: Somebody;
before(async () => {
  server = await Server.start([SITE]);
  browser = await openBrowser();
  owner = await Somebody.signedIn(browser, server);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const askWith = async (key: string) => (await fetch(`${server.origin}/api/sites`, { headers: { authorization: `Bearer ${key}` } })).status;

test("a key is made in the page, shown once, works in a program, and is refused once revoked", async () => {
  await owner.goTo("/settings/keys");
  await owner.press("Make a key");
  await owner.field("Name").fill("nightly report");
  await owner.press("Make the key");
  const key = (await owner.page.locator("[role=dialog] pre").innerText()).trim();
  assert.match(key, /^candor_[\w-]{43}$/);
  await owner.press("I have kept it");
  assert.equal(await askWith(key), 200);
  await owner.page.reload();
  await owner.sees("nightly report");
  assert.ok(!(await owner.page.content()).includes(key), "the key is shown once");
  await owner.press("Revoke nightly report");
  await owner.button("Revoke").last().click();
  await owner.sees("The key is revoked.");
  await owner.page.getByText("nightly report").first().waitFor({ state: "detached" });
  assert.equal(await askWith(key), 401);
});

test("a device that is signed out from another one is out at once", async () => {
  const other = await Somebody.at(browser, server.origin);
  await other.goTo("/sign-in");
  await other.signIn(EMAIL, PASSWORD);
  await other.arrives(`/${SITE}`);
  await owner.goTo("/settings/security");
  const devices = owner.page.getByRole("list", { name: "Signed-in devices" }).getByRole("listitem");
  await devices.nth(1).waitFor();
  await devices.filter({ hasNotText: "this one" }).filter({ hasText: /Chrome|Chromium/ }).getByRole("button", { name: /^Sign out/ }).click();
  await owner.sees("Signed out there.");
  assert.equal((await other.answer("/api/session")).status, 401);
  await other.page.reload();
  await other.arrives("/sign-in");
  await other.leave();
});

test("the audit log shows what was done, and its exported file is accepted by `candor audit verify` until it is changed", async () => {
  await join(server, { email: "lea@example.com", role: "admin", name: "Lea" }, PASSWORD);
  await owner.goTo("/settings/audit");
  const entries = owner.page.getByRole("list", { name: "Entries" });
  for (const act of ["became the first owner", "made an API key", "revoked an API key", "signed in", "ended a device’s sign-in", "invited somebody", "accepted an invitation", "added a site"]) {
    await entries.getByText(act).first().waitFor();
  }
  await owner.page.getByRole("combobox", { name: "What" }).selectOption("key_make");
  await owner.page.waitForURL(/act=key_make/);
  await entries.getByText("invited somebody").waitFor({ state: "detached" });
  const download = owner.page.waitForEvent("download");
  await owner.press("Export");
  const file = path(server.data, "..", `audit-${process.pid}.jsonl`);
  await (await download).saveAs(file);
  await owner.press("Show the checkpoint of now");
  const note = `${(await owner.page.locator("pre").last().innerText()).trim()}\n`;
  const checkpoint = `${file}.checkpoint`;
  writeFileSync(checkpoint, note);
  const verify = (...words: string[]) => execFileSync(provideBinary(), ["audit", "verify", ...words], { encoding: "utf8", stdio: "pipe" });
  verify(file);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace("key_make", "key_mace"));
  assert.throws(() => verify(file));
  await owner.leave();
});

test("the server's log complains of nothing", () => {
  assert.deepEqual(server.complaints, []);
});
