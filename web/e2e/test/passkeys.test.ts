// Passkeys in a browser: added, signed in with, shown as a second factor and as a confirmation, and begun with.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { Caller, join } from "../src/caller";
import { openBrowser } from "../src/dashboard";
import { SecurityKey } from "../src/passkeys";
import { Server } from "../src/server";
import { Somebody } from "../src/somebody";

const SITE = "shop.example";
const PIA = "pia@example.com";
const PASSWORD = "a staple for a horse of mine";

let server: Server;
let browser: Browser;
let pia: Somebody;
let key: SecurityKey;
before(async () => {
  server = await Server.start([SITE]);
  browser = await openBrowser();
  const held = await join(server, { email: PIA, role: "admin", name: "Pia" }, PASSWORD);
  pia = await Somebody.signedIn(browser, server, held.signIn);
  key = await SecurityKey.plugInto(pia.page);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("a passkey is added with a name, and codes to keep come with the first", async () => {
  await pia.goTo("/settings/security");
  await pia.press("Add a passkey");
  await pia.dialog("Add a passkey").getByLabel("Name", { exact: true }).fill("Key on the ring");
  await pia.press("Make it");
  await pia.page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").first().waitFor();
  await pia.page.getByText("I have kept them").click();
  await pia.press("Done");
  await pia.button("Remove Key on the ring").waitFor();
  assert.equal(await key.count(), 1);
});

test("a passkey signs in without a name and counts as both factors", async () => {
  await pia.signOut();
  // The browser may offer it by itself, before anything is pressed.
  await pia.button("Sign in with a passkey").click({ timeout: 3_000 }).catch(() => undefined);
  await pia.arrives(`/${SITE}`);
  const { json } = await pia.answer("/api/session");
  assert.equal((json as { second_factor: boolean }).second_factor, true);
});

test("beside a password a passkey is the second factor", async () => {
  await key.answers(false);
  await pia.signOut();
  await pia.signIn(PIA, PASSWORD);
  await pia.seesHeading("One more proof");
  await key.answers(true);
  await pia.press("Use a passkey");
  await pia.arrives(`/${SITE}`);
});

test("a passkey confirms what matters, and what was asked for goes on by itself", async () => {
  // As after ten minutes: the server says that it wants to be shown again.
  let asked = 0;
  await pia.page.route("**/api/me/recovery-codes", (route) =>
    asked++ ? route.fallback() : route.fulfill({ status: 403, json: { error: "show again first that it is you", field: "confirm" } }),
  );
  await pia.goTo("/settings/security");
  await pia.press("Make new ones");
  await pia.dialog("Make new recovery codes?").getByRole("button", { name: "Make new ones" }).click();
  await pia.press("Confirm with a passkey");
  await pia.page.getByRole("list", { name: "Recovery codes" }).waitFor();
  await pia.page.getByText("I have kept them").click();
  await pia.press("Done");
});

test("an invitation is accepted with a passkey in place of a password", async () => {
  const { url } = await Caller.owner(server).ask<{ url: string }>("POST", "/api/invitations", { email: "quinn@example.com", role: "organization_viewer" });
  const quinn = await Somebody.at(browser, server.origin);
  await SecurityKey.plugInto(quinn.page);
  await quinn.page.goto(url);
  await quinn.press("Use a passkey instead of a password");
  await quinn.arrives(`/${SITE}`);
  await quinn.goTo("/settings/security");
  await quinn.sees("You have none and sign in with passkeys.");
  await quinn.leave();
});

test("a passkey that was removed signs in no more", async () => {
  await pia.goTo("/settings/security");
  await pia.press("Remove Key on the ring");
  await pia.button("Remove").last().click();
  await pia.sees("You have no passkey.");
  await pia.signOut();
  await pia.button("Sign in with a passkey").click({ timeout: 3_000 }).catch(() => undefined);
  await pia.page.getByRole("alert").waitFor();
  await pia.leave(403);
});

test("the server's log complains of nothing", () => {
  assert.deepEqual(server.complaints, []);
});
