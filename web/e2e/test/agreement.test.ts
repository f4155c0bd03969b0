// The data-processing agreement: read by everybody of an organization, accepted by an owner, and who did so is seen.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { findViolations } from "../src/axe";
import { Caller, join } from "../src/caller";
import { openBrowser } from "../src/dashboard";
import { inAllLooks } from "../src/looks";
import { Server } from "../src/server";
import { Somebody } from "../src/somebody";

const PASSWORD = "a staple for a horse of mine";
const PAGE = "/settings/organization";
const ACCEPTED = "The organization accepted it.";
const NOT_ACCEPTED = /The organization did not accept this version\./;

let server: Server;
let browser: Browser;
before(async () => {
  server = await Server.start(["shop.example"]);
  browser = await openBrowser();
  await Caller.owner(server).ask("PATCH", "/api/me", { name: "Ada Quist" });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("an admin and a viewer read the text in force and cannot accept it", async () => {
  for (const [email, role] of [["ben@example.com", "admin"], ["vera@example.com", "organization_viewer"]] as const) {
    const { signIn } = await join(server, { email, role }, PASSWORD);
    const somebody = await Somebody.signedIn(browser, server, signIn);
    await somebody.goTo(PAGE);
    await somebody.seesHeading("2. Whose data, and which");
    await somebody.sees(/Only an owner accepts it\./);
    assert.equal(await somebody.button("Accept it").count(), 0);
    await somebody.leave();
  }
});

test("an owner accepts it by the keyboard alone, and who did and when is told", async () => {
  const owner = await Somebody.signedIn(browser, server);
  await owner.goTo(PAGE);
  await owner.sees(NOT_ACCEPTED);
  await owner.sees("No version was accepted yet.");
  await inAllLooks(owner, "agreement-before");
  await owner.page.getByRole("region", { name: "The text in force" }).focus();
  await owner.page.keyboard.press("End");
  await owner.page.keyboard.press("Tab");
  await owner.page.keyboard.press("Enter");
  await owner.dialog("Accept it for Example?").getByText("is in the audit log").waitFor();
  await inAllLooks(owner, "agreement-sure");
  // Past the button that closes it.
  await owner.page.keyboard.press("Tab");
  await owner.page.keyboard.press("Tab");
  await owner.page.keyboard.press("Enter");
  await owner.sees(ACCEPTED);
  const acceptance = owner.page.getByRole("list", { name: "Who accepted which" }).getByRole("listitem");
  await acceptance.getByText("Ada Quist").waitFor();
  await acceptance.getByText("in force").waitFor();
  await inAllLooks(owner, "agreement");
  await owner.leave();
  const { entries } = await Caller.owner(server).ask<{ entries: { act: string }[] }>("GET", "/api/audit?act=agreement_accept");
  assert.equal(entries.length, 1);
});

test("another text that came into force meanwhile is not accepted by it, and a failure is said in words", async () => {
  const owner = await Somebody.signedIn(browser, server);
  const path = "**/api/organizations/1/agreement";
  await owner.page.route(path, async (route) => {
    if (route.request().method() !== "GET") return route.continue();
    const answer = (await (await route.fetch()).json()) as object;
    return route.fulfill({ json: { ...answer, version: "0".repeat(32), accepted: false } });
  });
  await owner.goTo(PAGE);
  await owner.press("Accept it");
  const dialog = owner.dialog("Accept it for Example?");
  await dialog.getByRole("button", { name: "Accept it" }).click();
  await dialog.getByText(/^Another version of the agreement is in force/).waitFor();
  await owner.page.unroute(path);
  await owner.page.route(path, (route) => route.fulfill({ status: 503, json: { error: "the server is busy" } }));
  await owner.goTo(PAGE);
  await owner.sees("The server is busy.");
  assert.deepEqual(await findViolations(owner.page), []);
  await owner.page.unroute(path);
  await owner.press("Try again");
  await owner.sees(ACCEPTED);
  await owner.leave(409, 503);
});

test("the server's log complains of nothing", () => {
  assert.deepEqual(server.complaints, []);
});
