// A visitor asks a site what it keeps of them, on a page for which nobody signs in; who answers for the site does so in the privacy centre.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { Caller } from "../src/caller";
import { openBrowser } from "../src/dashboard";
import { CONTACT, Server } from "../src/server";
import { MailServer } from "../src/smtp";
import { Somebody } from "../src/somebody";

const SITE = "shop.example";
const ANNA = "anna@example.com";
const VISITOR = "5f0e6d0a-0c1c-4b9e-9a53-0a8f3c2b7d11";
/** A browser that is no bot. */
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
const SCRIPT = "<img src=x onerror=\"document.title='ran'\">";

let mails: MailServer;
let server: Server;
let browser: Browser;
before(async () => {
  mails = await MailServer.start();
  server = await Server.start([SITE], mails);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await mails?.stop();
});

test("a visitor asks on the site's page, sees until when, and is answered by mail; then nothing tells who asked", async () => {
  const visitor = await Somebody.at(browser, server.origin);
  await visitor.page.goto(`${server.origin}/privacy/${SITE}#visitor=${VISITOR}`);
  assert.equal(await visitor.page.getByRole("link", { name: "privacy@candor.example" }).getAttribute("href"), CONTACT);
  await visitor.page.getByText("Erase it").click();
  assert.equal(await visitor.field("Your visitor id").inputValue(), VISITOR);
  await visitor.field("E-mail address for the answer").fill(ANNA);
  await visitor.field("Anything else").fill(`Please hurry ${SCRIPT}`);
  await visitor.press("Send");
  await visitor.seesHeading("Your request was sent");
  await visitor.sees(/It has the number 1\./);
  await visitor.leave();

  const owner = await Somebody.signedIn(browser, server);
  await owner.goTo(`/${SITE}/privacy`);
  await owner.sees(ANNA);
  await owner.sees(VISITOR);
  await owner.sees(`Please hurry ${SCRIPT}`);
  assert.notEqual(await owner.page.title(), "ran");
  await owner.press("Answer");
  await owner.page.getByText("It was not done").click();
  assert.ok(await owner.button("Answer and wipe who asked").isDisabled(), "a reason is needed");
  await owner.field("What they are told with it").fill("There is no such visitor");
  await owner.press("Answer and wipe who asked");
  await owner.sees("Answered: a mail is on its way.");
  await owner.sees(/declined/);
  assert.equal(await owner.page.getByText(ANNA).count(), 0);
  assert.match(await mails.textFor(ANNA, /There is no such visitor/), /It was not done/);
  await owner.leave();
});

test("what a visitor writes wrongly is said beside the field, and what they wrote is kept", async () => {
  const visitor = await Somebody.at(browser, server.origin);
  await visitor.page.goto(`${server.origin}/privacy/${SITE}`);
  assert.ok(await visitor.button("Send").isDisabled());
  await visitor.field("How the site knows you").fill("customer 12");
  await visitor.field("E-mail address for the answer").fill("nowhere");
  await visitor.press("Send");
  await visitor.sees(/no e-mail address/);
  assert.equal(await visitor.field("How the site knows you").inputValue(), "customer 12");
  await visitor.page.goto(`${server.origin}/privacy/other.example`);
  await visitor.field("How the site knows you").fill("customer 12");
  await visitor.field("E-mail address for the answer").fill(ANNA);
  await visitor.press("Send");
  await visitor.sees("there is no such site here");
  await visitor.leave(400, 404);
});

test("a visitor of whom a page was seen is found and erased for ever, and the receipt is a file", async () => {
  const page = { n: "pageview", u: `https://${SITE}/canary-of-the-erased`, d: SITE, visitor: VISITOR };
  const owner = await Somebody.signedIn(browser, server);
  await owner.goTo(`/${SITE}/privacy`);
  await Caller.owner(server).ask("PATCH", `/api/sites/${SITE}`, { identity: "always" });
  assert.equal((await server.send(page, { "user-agent": FIREFOX })).status, 202);
  await owner.field("Visitor").fill(VISITOR);
  await owner.press("Find");
  await owner.arrives(`/${SITE}/visitors/${VISITOR}`);
  await owner.sees(/1 event in 1 visit, 0 recordings/);
  await owner.press("Erase …");
  await owner.page.getByRole("dialog").getByRole("button", { name: "Erase for ever" }).click();
  const [first] = await Promise.all([owner.page.waitForEvent("download"), owner.press("Save the receipt")]);
  assert.match(await readFile(await first.path(), "utf8"), /^erasure: 1$/m);
  await owner.page.getByRole("link", { name: "Privacy centre" }).click();
  const [file] = await Promise.all([owner.page.waitForEvent("download"), owner.press("Receipt of erasure 1")]);
  assert.match(await readFile(await file.path(), "utf8"), /^erasure: 1$/m);
  await owner.field("Visitor").fill(VISITOR);
  await owner.press("Find");
  await owner.sees("Nothing is kept of anybody by that name.");
  await owner.leave();
});
