// Whatever people write about themselves, their organizations, keys and devices is text on every screen, and nothing else.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { Caller, join } from "../src/caller";
import { openBrowser } from "../src/dashboard";
import { SecurityKey } from "../src/passkeys";
import { Server } from "../src/server";
import { Somebody } from "../src/somebody";
import { strings } from "../src/strings";
import { until } from "../src/waiting";

const SITE = "shop.example";
const PASSWORD = "a staple for a horse of mine";
/** As the server keeps a name. */
const kept = (text: string) => [...text.trim()].filter((character) => !/\p{Cc}/u.test(character)).join("");
const texts = strings.map(({ text }) => text).filter((text) => [...kept(text)].length <= 100);
/** How many of what takes its time: sign-ins are also no more than there may be. */
const [PASSKEYS, SIGN_INS, PEOPLE, NAMES] = [8, 45, 16, 36];

let server: Server;
let browser: Browser;
let owner: Somebody;
let program: Caller;
before(async () => {
  server = await Server.start([SITE]);
  browser = await openBrowser();
  program = Caller.owner(server);
  owner = await Somebody.signedIn(browser, server);
  for (const text of texts) await program.ask("POST", "/api/keys", { scopes: ["read"], name: text });
  await inviteAll();
  await signInEverywhere();
  for (const [at, text] of some(texts, PEOPLE).entries()) {
    await join(server, { email: `person${at}@example.com`, role: "organization_viewer", name: text }, PASSWORD);
  }
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** So many of a list, spread over all of it. */
function some<T>(list: readonly T[], count: number): T[] {
  return list.filter((_, at) => at % Math.ceil(list.length / count) === 0);
}

/** Everybody whose address can be one. */
async function inviteAll(): Promise<void> {
  const statuses: number[] = [];
  for (const text of [...texts, "a'onmouseover=trip()'", "${trip()}", "{{trip()}}", "`trip()`", "&lt;b&gt;"]) {
    if (statuses.filter((status) => status === 201).length >= 90) break;
    const answer = await program.tryAsk("POST", "/api/invitations", { email: `${text}@example.com`, role: "admin" });
    statuses.push(answer.status);
  }
  assert.deepEqual(new Set(statuses), new Set([201, 400]));
}

/** From devices that call themselves so. */
async function signInEverywhere(): Promise<void> {
  for (const text of some(texts, SIGN_INS).filter((each) => /^[\x20-\x7e]+$/.test(each))) {
    const { url } = await program.ask<{ url: string }>("POST", "/api/session/link", {});
    const token = new URLSearchParams(new URL(url).hash.slice(1)).get("one-time");
    const headers = { "content-type": "application/json", "user-agent": text };
    const answer = await fetch(`${server.origin}/api/session/one-time`, { method: "POST", headers, body: JSON.stringify({ token }) });
    assert.equal(answer.status, 200);
  }
}

const nothingRan = (...about: unknown[]) => assert.deepEqual([...about, owner.watch.harm], [...about, []]);

test("no markup is the domain of a site, and no hostile string an act of the audit log", async () => {
  for (const text of texts) {
    // What has no sign but letters, digits and lines may be a name of a machine.
    const expected = /^[\w.]+$/.test(text) ? 201 : 400;
    assert.equal((await program.tryAsk("POST", "/api/sites", { domain: text })).status, expected, text);
    assert.equal((await program.tryAsk("GET", `/api/audit?act=${encodeURIComponent(text)}`)).status, 400, text);
  }
});

const lists: [string, string][] = [
  ["/settings/people", "Invitations"],
  ["/settings/keys", "Keys of this organization"],
  ["/settings/security", "Signed-in devices"],
  ["/settings/audit", "Entries"],
];
for (const [path, list] of lists) {
  test(`everything hostile on ${path} is text, also where the pointer is over it`, async () => {
    await owner.goTo(path);
    const rows = owner.page.getByRole("list", { name: list }).getByRole("listitem");
    await rows.first().waitFor();
    for (const row of await rows.all()) await row.hover();
    nothingRan(path);
  });
}

test("every key is shown by the name that it was given", async () => {
  await owner.goTo("/settings/keys");
  const page = owner.page;
  await page.getByRole("list", { name: "Keys of this organization" }).getByRole("listitem").first().waitFor();
  const shown = await page.getByRole("main").innerText();
  const plain = texts.filter((text) => /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(text));
  assert.deepEqual(plain.filter((text) => !shown.includes(text)), []);
});

test("hostile people can be looked at, filtered by and asked about", async () => {
  await owner.goTo("/settings/people");
  const changes = owner.button(/^Change /);
  await changes.first().waitFor();
  for (const change of await changes.all()) {
    await change.click();
    await owner.press("Remove from the organization");
    await owner.page.keyboard.press("Escape");
    await owner.page.keyboard.press("Escape");
    await owner.page.getByRole("dialog").first().waitFor({ state: "detached" });
  }
  await owner.goTo("/settings/audit");
  const who = owner.page.getByRole("combobox", { name: "Who" });
  await who.waitFor();
  await until("the names of people", async () => (await who.locator("option").count()) > PEOPLE / 2);
  for (const option of (await who.locator("option").all()).slice(1)) {
    await who.selectOption((await option.getAttribute("value")) ?? "");
    await owner.page.waitForURL(/actor=/);
  }
  nothingRan();
});

test("passkeys are called what their owner likes", async () => {
  for (const name of some(texts, PASSKEYS)) {
    // A key holds one passkey of a person, so each is on a key of its own.
    const key = await SecurityKey.plugInto(owner.page);
    await owner.goTo("/settings/security");
    await owner.press("Add a passkey");
    await owner.dialog("Add a passkey").getByLabel("Name", { exact: true }).fill(name);
    await owner.press("Make it");
    await owner.page.getByRole("dialog").waitFor({ state: "detached" });
    await key.unplug();
  }
  for (const remove of await owner.button(/^Remove /).all()) {
    await remove.click();
    await owner.page.keyboard.press("Escape");
  }
  nothingRan();
});

test("an organization and its owner are called anything, and every screen says so", async () => {
  // A passkey made the sign-in another one.
  program.signIn = (await owner.cookie())!.value;
  const screens = ["/settings/people", "/settings/organization", "/settings/security", `/${SITE}`];
  const id = ((await program.ask("GET", "/api/organizations")) as { organizations: { id: number }[] }).organizations[0]!.id;
  for (const [at, text] of some(texts, NAMES).entries()) {
    const changed = await program.tryAsk("PATCH", `/api/organizations/${id}`, { name: text });
    assert.ok([200, 400].includes(changed.status), text);
    await program.ask("PATCH", "/api/me", { name: text });
    await owner.goTo(screens[at % screens.length]!);
    await owner.button(/account of/).click();
    await owner.page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    nothingRan(text);
  }
});

/** Fields whose text is shown again by the page itself: where, what opens their dialog, and which. */
const fields: [string, string | undefined, string | undefined][] = [
  ["/settings/people", "Invite somebody", "E-mail"],
  ["/settings/keys", "Make a key", "Name"],
  [`/${SITE}/settings`, "Remove …", undefined],
  ["/?add=true", undefined, "Domain"],
  ["/settings/security", undefined, "Name"],
  ["/settings/security", undefined, "E-mail"],
  ["/settings/organization", undefined, "Name"],
];
for (const [path, dialog, label] of fields) {
  test(`whatever is typed into ${label ?? "the field"} ${dialog ? `of "${dialog}" ` : ""}on ${path} is text`, async () => {
    await owner.goTo(path);
    if (dialog) await owner.press(dialog);
    const field = owner.page.getByRole(dialog ? "dialog" : "main").getByRole("textbox", { name: label });
    for (const text of texts) await field.fill(text);
    // What was accepted closes its dialog.
    for (const text of some(texts, dialog ? 1 : 8)) {
      await field.fill(text);
      await field.press("Enter");
      await owner.page.waitForLoadState("networkidle");
    }
    nothingRan(path, label);
  });
}

for (const [path, label, submit] of [["/sign-in", "E-mail", "Sign in"], ["/reset", "E-mail", "Send the link"]] as const) {
  test(`whatever a stranger types into ${path} is text`, async () => {
    const stranger = await Somebody.at(browser, server.origin);
    await stranger.goTo(path);
    for (const text of texts) await stranger.field(label).fill(`${text}@example.com`);
    // More wrong sign-ins would be slowed down.
    for (const text of some(texts, 4)) {
      await stranger.goTo(path);
      await stranger.field(label).fill(`${text}@example.com`);
      if (path === "/sign-in") await stranger.field("Password").fill(text);
      const answered = stranger.page.waitForResponse((answer) => answer.request().method() === "POST");
      await stranger.press(submit);
      await answered;
    }
    assert.deepEqual(stranger.watch.harm, []);
    await stranger.leave(400, 429);
  });
}

test("fragments and searches of every way in are text or nothing", async () => {
  const stranger = await Somebody.at(browser, server.origin);
  for (const text of some(texts, 40)) {
    const said = encodeURIComponent(text);
    for (const path of [`/sign-in?to=${said}#one-time=${said}`, `/invitation#${said}`, `/reset#${said}`, `/setup#${said}`]) await stranger.goTo(path);
    await owner.goTo(`/settings/audit?actor=${said}&act=${said}&organization=${said}`);
  }
  assert.deepEqual([stranger.watch.harm, stranger.page.url().startsWith(server.origin)], [[], true]);
  nothingRan();
  await stranger.leave(400, 410);
});

test("nothing complained but of answers that said no, and the server's log has no line that a stranger wrote", async () => {
  await owner.leave(400, 403, 404, 409);
  assert.deepEqual(server.complaints, []);
  assert.deepEqual(server.log.filter((line) => /forged|trip\(\)|hostile\.example/.test(line)), []);
});
