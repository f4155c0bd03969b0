// The operators' console in a browser: signing in by keys alone, customers, a second operator, and nobody shut out of it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { Authenticator } from "../src/codes";
import { openBrowser } from "../src/dashboard";
import { inAllLooks } from "../src/looks";
import { challengeOn, Operator, secretOn } from "../src/operators";
import { Server } from "../src/server";
import { Somebody } from "../src/somebody";

const SITE = "shop.example";
const PASSWORD = "a staple for a horse of mine";
const NETWORKS = "127.0.0.0/8, ::1/128";

let server: Server;
let browser: Browser;
let olga: Operator;
let piet: Operator;
/** Their browsers, signed in from the first test of each on: a code is good once, and the next takes half a minute. */
let first: Somebody;
let second: Somebody;
before(async () => {
  server = await Server.start([SITE]);
  browser = await openBrowser();
  olga = Operator.first(server, "olga");
  piet = Operator.of(server, "piet");
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const line = (console: Somebody, list: string, text: string) => console.page.getByRole("list", { name: list }).getByRole("listitem").filter({ hasText: text });

/** Goes on with Tab until something of this name has the focus. */
async function tabTo({ page }: Somebody, name: string): Promise<void> {
  const tabs = 12;
  for (let tab = 0; tab < tabs; tab += 1) {
    const focused = await page.evaluate(() => {
      const at = document.activeElement as HTMLInputElement | null;
      return (at?.labels?.[0] ?? at)?.textContent?.trim();
    });
    if (focused === name) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${tabs} tabs do not lead to ${name}`);
}

test("an operator's first sign-in sets up their app for codes, by the keyboard alone", async () => {
  first = await olga.at(browser);
  const { keyboard } = first.page;
  await first.field("Operator").waitFor();
  await tabTo(first, "Operator");
  await keyboard.type("olga");
  await keyboard.press("Enter");
  const command = await challengeOn(first);
  await tabTo(first, "Signature");
  await keyboard.insertText(olga.sign(command));
  await tabTo(first, "Go on");
  await keyboard.press("Enter");
  olga.app = new Authenticator(await secretOn(first));
  await inAllLooks(first, "first");
  await tabTo(first, "Code that the app shows");
  await keyboard.type(await olga.app.code());
  await keyboard.press("Enter");
  await first.button("Sign out").waitFor();
  await first.sees("This server has one operator");
});

test("a signature by another key is refused, and a fresh challenge is there at once", async () => {
  const console = await olga.at(browser);
  await console.field("Operator").fill("olga");
  await console.press("Go on");
  const command = await challengeOn(console);
  await console.field("Signature").fill(piet.sign(command));
  await console.press("Go on");
  await console.page.getByRole("alert").waitFor();
  await console.sees("What was sent is used up: this is another challenge.");
  await console.page.getByText(command).waitFor({ state: "detached" });
  assert.equal((await console.answer("/api/operator/session")).status, 401);
  await console.leave();
});

test("an organization is added, and its owner comes in by the link that is shown", async () => {
  const form = first.page.getByRole("form", { name: "Add an organization" });
  await form.getByLabel("Name").fill("Bakery");
  await form.getByLabel("E-mail of its owner").fill("berta@bakery.example");
  await form.getByRole("button", { name: "Add it" }).click();
  await line(first, "Organizations", "Bakery").getByText("0 sites · 0 people").waitFor();
  const link = await form.locator("pre").innerText();
  const berta = await Somebody.at(browser, server.origin);
  await berta.page.goto(link);
  await berta.seesHeading("Join Bakery");
  await berta.fill({ "Your name": "Berta", Password: PASSWORD });
  await berta.press("Create the account and join");
  await berta.sees("Add your first site");
  await first.page.reload();
  await line(first, "Organizations", "Bakery").getByText("0 sites · 1 person").waitFor();
  await berta.leave(404);
});

test("a second operator is enrolled at once by who is alone; from then on what is grave waits for the other", async () => {
  const form = first.page.getByRole("form", { name: "Enrol an operator" });
  await form.getByLabel("Name").fill("piet");
  await form.getByLabel("Networks").fill(NETWORKS);
  await form.getByLabel("SSH public key").fill(piet.publicKey);
  await form.getByRole("button", { name: "Enrol" }).click();
  await line(first, "Operators", "piet").getByText("no second factor yet").waitFor();
  await first.page.getByText("This server has one operator").waitFor({ state: "detached" });

  second = await piet.signedIn(browser);
  assert.equal(await second.page.getByText("This server has one operator").count(), 0);
  await line(second, "Operators", "piet").getByText("second factor", { exact: true }).waitFor();
  await first.press("Remove Bakery");
  await first.dialog("Remove Bakery?").getByRole("button", { name: "Remove" }).click();
  await first.sees("Another operator has to approve it.");
  const own = line(first, "Waiting for a second operator", "Remove Bakery for ever");
  await own.getByText("Another operator decides.").waitFor();
  assert.equal(await own.getByRole("button", { name: "Approve" }).count(), 0);
  await line(first, "Organizations", "Bakery").waitFor();

  await second.page.reload();
  const asked = line(second, "Waiting for a second operator", "Remove Bakery for ever");
  await asked.getByText("asked by olga").waitFor();
  await asked.getByRole("button", { name: "Approve" }).click();
  await second.dialog("Remove Bakery for ever?").getByRole("button", { name: "Approve" }).click();
  await second.sees("Approved and done.");
  await line(second, "Organizations", "Bakery").waitFor({ state: "detached" });

});

test("who is to be enrolled third is seen with their key, and is not enrolled when the other declines", async () => {
  const rosa = Operator.of(server, "rosa");
  const form = first.page.getByRole("form", { name: "Enrol an operator" });
  await form.getByLabel("Name").fill("rosa");
  await form.getByLabel("Networks").fill(NETWORKS);
  await form.getByLabel("SSH public key").fill(rosa.publicKey);
  await form.getByRole("button", { name: "Enrol" }).click();
  await first.sees("Another operator has to approve it.");
  await second.page.reload();
  const asked = line(second, "Waiting for a second operator", "Enrol rosa");
  await asked.getByText(rosa.publicKey.split(" ")[1]!).waitFor();
  await asked.getByRole("button", { name: "Decline" }).click();
  await second.sees("Declined.");
  await asked.waitFor({ state: "detached" });
  assert.equal(await line(second, "Operators", "rosa").count(), 0);
});

test("axe finds nothing in the console, narrow and wide, light and dark, and nothing is cut off", async () => {
  await inAllLooks(first, "inside");
  await first.press("Ask to see data of Example");
  await first.field("Purpose").waitFor();
  await inAllLooks(first, "ask");
  await first.press("Close");
  await first.press("Remove Example");
  await first.dialog("Remove Example?").waitFor();
  await inAllLooks(first, "sure");
  await first.dialog("Remove Example?").getByRole("button", { name: "Cancel" }).click();
});

test("nor on the way into it", async () => {
  const stranger = await olga.at(browser);
  await stranger.field("Operator").fill("olga");
  await inAllLooks(stranger, "name");
  await stranger.press("Go on");
  const command = await challengeOn(stranger);
  await inAllLooks(stranger, "signature");
  await stranger.field("Signature").fill(olga.sign(command));
  await stranger.press("Go on");
  await stranger.field("Code from your authenticator app").waitFor();
  await inAllLooks(stranger, "code");
  await stranger.leave();
});

test("who signs out is out", async () => {
  await second.press("Sign out");
  await second.field("Operator").waitFor();
  assert.equal((await second.answer("/api/operator/session")).status, 401);
  await second.leave();
  await first.leave();
});

test("the server's log complains of nothing", () => {
  assert.deepEqual(server.complaints, []);
});
