// An owner who is let in from the server's shell: in sight of every other owner, and with nothing open to them for a day.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { join } from "../src/caller";
import { openBrowser } from "../src/dashboard";
import { run } from "../src/operators";
import { EMAIL } from "../src/owner";
import { Server } from "../src/server";
import { Somebody } from "../src/somebody";

const SITE = "shop.example";
const OLD = "a staple for a horse of mine";
const NEW = "another staple for that horse";
const TOLD = new RegExp(`^A new password for (Example|${EMAIL}) was asked for from the server’s shell on `);

let server: Server;
let browser: Browser;
let link: string;
before(async () => {
  server = await Server.start([SITE]);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("all owners are told on every screen, with the way to the entry of the log; who may not see the log is not", async () => {
  const other = await join(server, { email: "otto@example.com", role: "owner", name: "Otto" }, OLD);
  const viewer = await join(server, { email: "vera@example.com", role: "organization_viewer", name: "Vera" }, OLD);
  [link = ""] = /http\S+#\S+/.exec(run("break-glass", EMAIL, "--data", server.data)) ?? [];
  for (const held of [server.owner.signIn, other.signIn]) {
    const owner = await Somebody.signedIn(browser, server, held);
    for (const screen of [`/${SITE}`, "/settings/people"]) {
      await owner.goTo(screen);
      await owner.sees(TOLD);
    }
    await owner.page.getByRole("link", { name: "Look in the audit log" }).click();
    await owner.arrives("/settings/audit");
    const entries = owner.page.getByRole("list", { name: "Entries" }).getByRole("listitem");
    await entries.getByText("let an owner in again from the server’s shell").waitFor();
    assert.equal(await entries.count(), 1);
    await owner.leave();
  }
  const vera = await Somebody.signedIn(browser, server, viewer.signIn);
  await vera.goTo(`/${SITE}`);
  await vera.sees(/current visitors|First steps/);
  assert.equal(await vera.page.getByText(TOLD).count(), 0);
  await vera.leave();
});

test("by the link a password is chosen, and for a day nothing of visitors is open to that account", async () => {
  const owner = await Somebody.at(browser, server.origin);
  await owner.page.goto(link);
  await owner.field("New password").fill(NEW);
  await owner.press("Change the password");
  await owner.seesHeading("The password is changed");
  await owner.goTo("/sign-in");
  await owner.signIn(EMAIL, NEW);
  await owner.arrives(/^\/(?!sign-in)/);
  await owner.sees(TOLD);
  const status = await owner.page.evaluate(async (site) => {
    const body = JSON.stringify({ site_id: site, metrics: ["visitors"], date_range: "7d" });
    return (await fetch("/api/v2/query", { method: "POST", headers: { "content-type": "application/json" }, body })).status;
  }, SITE);
  assert.equal(status, 403);
  await owner.leave(403);
});

test("the server's log warns of that, and complains of nothing else", () => {
  const [warning = "", ...others] = server.complaints;
  assert.match(warning, /an owner is let in again from the shell/);
  assert.ok(!warning.includes(EMAIL));
  assert.deepEqual(others, []);
});
