// A forgotten password, by a mail that is read from a real mail server, and by a link that an owner hands over.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { join } from "../src/caller";
import { openBrowser } from "../src/dashboard";
import { Server } from "../src/server";
import { linkIn, MailServer } from "../src/smtp";
import { Somebody } from "../src/somebody";
import { until } from "../src/waiting";

const SITE = "shop.example";
const OLD = "a staple for a horse of mine";
const NEW = "quite another battery entirely";
const ANNA = "anna@example.com";

let mails: MailServer;
let server: Server;
let browser: Browser;
before(async () => {
  mails = await MailServer.start();
  server = await Server.start([SITE], mails);
  browser = await openBrowser();
  await join(server, { email: ANNA, role: "organization_viewer", name: "Anna" }, OLD);
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await mails?.stop();
});

async function forget(email: string): Promise<void> {
  const somebody = await Somebody.at(browser, server.origin);
  await somebody.goTo("/sign-in");
  await somebody.page.getByRole("link", { name: "Forgot the password?" }).click();
  // The page that is left asks for an address, too.
  await somebody.seesHeading("Forgot the password?");
  await somebody.field("E-mail").fill(email);
  await somebody.press("Send the link");
  await somebody.seesHeading("Look into your mail");
  await somebody.leave();
}

/** Follows a link to choose a password, and signs in with it. */
async function choose(link: string, password: string): Promise<void> {
  const somebody = await Somebody.at(browser, server.origin);
  await somebody.page.goto(link);
  await somebody.field("New password").fill(password);
  assert.doesNotMatch(somebody.page.url(), /#/);
  await somebody.press("Change the password");
  await somebody.seesHeading("The password is changed");
  await somebody.page.getByRole("link", { name: "Sign in" }).or(somebody.button("Sign in")).click();
  await somebody.signIn(ANNA, password);
  await somebody.arrives(`/${SITE}`);
  await somebody.leave();
}

test("an invitation comes by mail as well, with the link that the page shows", async () => {
  const owner = await Somebody.signedIn(browser, server);
  await owner.goTo("/settings/people");
  await owner.press("Invite somebody");
  await owner.field("E-mail").fill("ida@example.com");
  await owner.press("Make the invitation");
  await owner.seesHeading("ida@example.com is invited");
  await owner.sees(/A mail with the link is on its way/);
  const shown = (await owner.page.locator("[role=dialog] pre").innerText()).trim();
  assert.equal(linkIn(await mails.textFor("ida@example.com", /invitation/), "invitation"), shown);
  await owner.leave();
});

test("a forgotten password is replaced by the link of a mail, which works once and signs out everywhere", async () => {
  const before = await Somebody.at(browser, server.origin);
  await before.goTo("/sign-in");
  await before.signIn(ANNA, OLD);
  await before.arrives(`/${SITE}`);
  await forget(ANNA);
  const link = linkIn(await mails.textFor(ANNA, /\/reset#/), "reset");
  await choose(link, NEW);
  assert.equal((await before.answer("/api/session")).status, 401);
  const again = await Somebody.at(browser, server.origin);
  await again.page.goto(link);
  await again.field("New password").fill(OLD);
  await again.press("Change the password");
  await again.page.getByRole("alert").waitFor();
  await again.leave(410);
  await before.leave();
});

test("an address that nobody has is answered alike, and gets no mail", async () => {
  const before = mails.countFor(ANNA);
  await forget("nobody@example.com");
  await forget(ANNA);
  // What was asked later has arrived, so what was asked before would have.
  await until("another mail", () => mails.countFor(ANNA) > before);
  assert.equal(mails.countFor("nobody@example.com"), 0);
});

test("an owner makes a reset link to hand over", async () => {
  const owner = await Somebody.signedIn(browser, server);
  await owner.goTo("/settings/people");
  await owner.press("Change Anna");
  await owner.press("Make a reset link");
  const link = (await owner.page.locator("[role=dialog] pre").innerText()).trim();
  await choose(link, OLD);
  await owner.leave();
});

test("the server's log complains of nothing and tells no address and no link", () => {
  assert.deepEqual(server.complaints, []);
  assert.deepEqual(server.log.filter((line) => /@example\.com|reset#/.test(line)), []);
});
