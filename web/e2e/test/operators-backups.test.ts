// What operators see of backups and drills, and of a customer's subscription: on one page, as the server itself tells it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { BackupTarget } from "../src/backups";
import { openBrowser } from "../src/dashboard";
import { inAllLooks } from "../src/looks";
import { Operator } from "../src/operators";
import { Server } from "../src/server";
import type { Somebody } from "../src/somebody";
import { until } from "../src/waiting";

const SITE = "shop.example";
const NETWORKS = "127.0.0.0/8, ::1/128";
const WITHOUT = { width: 1280, height: 900 };

let target: BackupTarget;
let server: Server;
let browser: Browser;
let olga: Operator;
let first: Somebody;
before(async () => {
  target = new BackupTarget();
  server = await Server.start([SITE], undefined, ...target.settings);
  browser = await openBrowser();
  olga = Operator.first(server, "olga");
  first = await olga.signedIn(browser);
});
after(async () => {
  await browser?.close();
  await server?.stop();
  target?.remove();
});

const backups = (console: Somebody) => console.page.getByRole("region", { name: "Backups and drills" });
const tried = (console: Somebody, list: string) => backups(console).getByRole("list", { name: list }).getByRole("listitem");

/** Looks again and again, as somebody who presses the key for it would. */
async function seesAfterAWhile(console: Somebody, what: string, count: () => Promise<number>): Promise<void> {
  await until(what, async () => {
    await console.page.reload();
    await backups(console).getByRole("button", { name: "Back up now" }).waitFor();
    await console.page.waitForLoadState("networkidle");
    return (await count()) > 0;
  });
}

test("the first backup and the first drill are there by themselves, with their sizes and what was asked of them", async () => {
  await seesAfterAWhile(first, "a backup that was tried", () => tried(first, "The last backups that were tried").count());
  await tried(first, "The last backups that were tried").getByText(/^[\d.]+ [KM]iB, of which [\d.]+ [KM]iB were new$/).waitFor();
  await seesAfterAWhile(first, "a drill", () => tried(first, "The last drills").count());
  await tried(first, "The last drills").getByText(/^restored, and \d+ questions were answered as before$/).waitFor();
  await backups(first).getByText("in time").waitFor();
});

test("another one is made now by the keyboard alone, and is in the list of those that were tried", async () => {
  const before = await tried(first, "The last backups that were tried").count();
  await first.button("Back up now").focus();
  await first.page.keyboard.press("Enter");
  await first.sees(/^Made and read back: [\d.]+ [KM]iB\.$/);
  await until("one more", async () => (await tried(first, "The last backups that were tried").count()) > before);
});

test("what is in backups is told, and that each site decides of its recordings", async () => {
  await backups(first).getByText("Recordings: 0 of 1 site keep them in backups.").waitFor();
  await server.ask(`/api/sites/${SITE}`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ recording: { in_backups: true } }),
  });
  await first.page.reload();
  await backups(first).getByText("Recordings: 1 of 1 site keep them in backups.").waitFor();
  await backups(first).getByText("What is in them, and what is not").click();
  await backups(first).getByText("the root key is in no backup").waitFor();
  await inAllLooks(first, "backups");
});

test("who is alone sees which there are; once there are two, the other approves it and sees them", async () => {
  await first.press("Show which there are");
  await until("two of them", async () => (await tried(first, "Which there are").count()) === 2);
  const piet = Operator.of(server, "piet");
  const form = first.page.getByRole("form", { name: "Enrol an operator" });
  await form.getByLabel("Name").fill("piet");
  await form.getByLabel("Networks").fill(NETWORKS);
  await form.getByLabel("SSH public key").fill(piet.publicKey);
  await form.getByRole("button", { name: "Enrol" }).click();
  await first.sees("Enrolled.");
  await backups(first).getByRole("button", { name: "Hide" }).click();
  await first.press("Show which there are");
  await first.sees("Another operator has to approve it, and sees them then.");
  assert.equal(await tried(first, "Which there are").count(), 0);

  const second = await piet.signedIn(browser);
  await second.press("Approve");
  await second.dialog("Show which backups there are?").getByRole("button", { name: "Approve" }).click();
  const shown = second.page.getByRole("list", { name: "Which there are" }).getByRole("listitem");
  await until("both of them", async () => (await shown.count()) === 2);
  await inAllLooks(second, "backups-approved");
  await second.leave();
});

test("a subscription is said to have ended once it is meant, tells what follows and when, and is said to go on again", async () => {
  const line = first.page.getByRole("list", { name: "Organizations" }).getByRole("listitem").filter({ hasText: "Example" });
  await line.getByText("The subscription goes on.").waitFor();
  await line.getByRole("button", { name: /^Say that it ended/ }).click();
  const dialog = first.dialog("Has the subscription of Example ended?");
  await dialog.getByText("No mail server is set up: tell its owners yourself.").waitFor();
  await inAllLooks(first, "subscription-sure");
  await dialog.getByRole("button", { name: "It has ended" }).click();
  await line.getByText(/^Everything is removed on .*, in 60 days\.$/).waitFor();
  const page = { n: "pageview", u: `https://${SITE}/`, d: SITE };
  await until("nothing is counted", async () => (await server.send(page)).headers.get("x-candor-refused") === "subscription_ended");
  await line.getByText(/^The subscription ended on/).waitFor();
  await line.getByText("No mail server is set up: tell its owners yourself.").waitFor();
  assert.equal(await line.getByText(/^Its owners were/).count(), 0, "nobody told them");
  await inAllLooks(first, "subscription");
  await line.getByRole("button", { name: /^Say that it goes on/ }).click();
  await line.getByText("The subscription goes on.").waitFor();
});

test("a backup that cannot be made says why, and is among those that were tried", async () => {
  target.takeAway();
  await first.press("Back up now");
  await backups(first).getByRole("alert").waitFor();
  await tried(first, "The last backups that were tried").getByText("failed", { exact: true }).waitFor();
  await inAllLooks(first, "backups-failed");
  await first.leave(409);
});

test("where no backups are made it is said how they would be", async () => {
  const plain = await Server.start([SITE]);
  try {
    const console = await Operator.first(plain, "rosa").signedIn(browser, WITHOUT);
    await console.sees(/^None are made here: nobody said where to\./);
    assert.equal(await console.page.getByText("Everything that is kept, every day").count(), 0);
    assert.equal(await console.button("Back up now").count(), 0);
    await inAllLooks(console, "backups-off");
    await console.leave();
    assert.deepEqual(plain.complaints, []);
  } finally {
    await plain.stop();
  }
});

test("the server's log complains of the backup that could not be made, and of nothing else", () => {
  const others = server.complaints.filter((line) => !line.includes("backup"));
  assert.deepEqual(others, []);
});
