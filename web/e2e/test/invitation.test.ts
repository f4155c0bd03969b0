// Invitations, roles and what becomes of them while somebody looks at a page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { join } from "../src/caller";
import { openBrowser } from "../src/dashboard";
import { ORGANIZATION } from "../src/owner";
import { Server } from "../src/server";
import { Somebody } from "../src/somebody";
import { until } from "../src/waiting";

const SITE = "shop.example";
const OTHER = "other.example";
const PASSWORD = "a staple for a horse of mine";
const AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

let server: Server;
let browser: Browser;
before(async () => {
  server = await Server.start([SITE, OTHER]);
  browser = await openBrowser();
  for (const site of [SITE, OTHER]) await server.send({ n: "pageview", d: site, u: `https://${site}/` }, { "user-agent": AGENT, "accept-language": "en" });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const partsOf = (somebody: Somebody) => somebody.page.getByRole("navigation", { name: "Settings" }).getByRole("link").allTextContents();

/** What the clipboard holds, pasted as people paste. */
async function paste(somebody: Somebody): Promise<string> {
  await somebody.press("Invite somebody");
  await somebody.field("E-mail").focus();
  await somebody.page.keyboard.press("Control+V");
  const text = await somebody.field("E-mail").inputValue();
  await somebody.page.keyboard.press("Escape");
  return text;
}

test("an invitation is made in the page, its link is copied, and a second browser joins by it, once", async () => {
  const owner = await Somebody.signedIn(browser, server);
  await owner.context.grantPermissions(["clipboard-write"]);
  await owner.goTo("/settings/people");
  await owner.press("Invite somebody");
  await owner.field("E-mail").fill("vera@example.com");
  await owner.page.getByRole("radio", { name: /^Viewer of some sites/ }).check();
  await owner.page.getByRole("checkbox", { name: SITE }).check();
  await owner.press("Make the invitation");
  await owner.seesHeading("vera@example.com is invited");
  await owner.sees(/sent no mail/);
  await owner.dialog(/is invited/).getByRole("button", { name: /^Copy/ }).click();
  await owner.sees("Copied");
  await owner.press("Done");
  const link = await paste(owner);

  const vera = await Somebody.at(browser, server.origin);
  await vera.page.goto(link);
  await vera.seesHeading(`Join ${ORGANIZATION}`);
  assert.doesNotMatch(vera.page.url(), /#/);
  await vera.sees(`a viewer of ${SITE}`);
  await vera.fill({ "Your name": "Vera", Password: PASSWORD });
  await vera.press("Create the account and join");
  await vera.arrives(`/${SITE}`);
  await owner.page.reload();
  await owner.sees("vera@example.com");
  await owner.sees("Nobody is invited at the moment.");

  const third = await Somebody.at(browser, server.origin);
  await third.page.goto(link);
  await third.seesHeading("This invitation cannot be used");
  await third.leave(410);
  await vera.leave();
  await owner.leave();
});

test("a viewer of one site sees that site alone, and no screen that is not theirs", async () => {
  const held = await join(server, { email: "wim@example.com", role: "site_viewer", sites: [SITE] }, PASSWORD);
  const wim = await Somebody.signedIn(browser, server, held.signIn);
  await wim.goTo("/");
  await wim.arrives(`/${SITE}`);
  await wim.goTo(`/${OTHER}`);
  await wim.sees(`There is no site ${OTHER} here`);
  await wim.goTo("/settings");
  await wim.page.getByRole("navigation", { name: "Settings" }).waitFor();
  await until("the parts that are theirs", async () => (await partsOf(wim)).includes("My security"));
  assert.deepEqual(await partsOf(wim), ["Organization", "My security"]);
  for (const part of ["people", "keys", "audit", "support"]) {
    await wim.goTo(`/settings/${part}`);
    await wim.sees("Your role does not include this");
  }
  await wim.goTo(`/${SITE}/settings`);
  await wim.sees(/Your role lets you/);
  assert.equal((await wim.answer("/api/people")).status, 403);
  assert.equal((await wim.answer("/api/audit")).status, 403);
  await wim.leave(403, 404);
});

test("a role that is changed is seen by whoever holds it, without signing in again", async () => {
  const held = await join(server, { email: "rosa@example.com", role: "organization_viewer", name: "Rosa" }, PASSWORD);
  const rosa = await Somebody.signedIn(browser, server, held.signIn);
  await rosa.goTo("/settings");
  await until("the parts of a viewer", async () => (await partsOf(rosa)).join() === "Organization,My security");
  const owner = await Somebody.signedIn(browser, server);
  await owner.goTo("/settings/people");
  await change(owner, /^Admin/);
  await rosa.page.reload();
  await until("the parts of an admin", async () => (await partsOf(rosa)).includes("People"));
  await rosa.goTo(`/${SITE}`);
  await rosa.sees(/current visitors/);
  await change(owner, /^Viewer of some sites/, OTHER);
  // Without a reload: the page is told.
  await rosa.sees(`There is no site ${SITE} here`);
  await rosa.goTo("/");
  await rosa.arrives(`/${OTHER}`);
  await rosa.leave(403, 404);
  await owner.leave();
});

async function change(owner: Somebody, role: RegExp, site?: string): Promise<void> {
  await owner.press("Change Rosa");
  await owner.page.getByRole("radio", { name: role }).check();
  if (site) await owner.page.getByRole("checkbox", { name: site }).check();
  const changed = owner.page.waitForResponse((answer) => answer.request().method() === "PATCH");
  await owner.press("Save");
  assert.equal((await changed).status(), 200);
  await owner.page.getByRole("dialog").waitFor({ state: "detached" });
}

test("who is disabled loses an open dashboard to the sign-in within a second or so, and its stream ends", async () => {
  const held = await join(server, { email: "dora@example.com", role: "organization_viewer", name: "Dora" }, PASSWORD);
  const dora = await Somebody.signedIn(browser, server, held.signIn);
  const stream = await fetch(`${server.origin}/api/sites/${SITE}/live`, { headers: { cookie: `__Host-candor=${held.signIn}` } });
  assert.equal(stream.status, 200);
  const ended = (async () => {
    const reader = stream.body!.getReader();
    while (!(await reader.read()).done);
    return Date.now();
  })();
  await dora.goTo(`/${SITE}`);
  await dora.sees(/current visitors/);
  const owner = await Somebody.signedIn(browser, server);
  await owner.goTo("/settings/people");
  await owner.press("Change Dora");
  const disabled = owner.page.waitForResponse((answer) => answer.request().method() === "PATCH");
  await owner.press("Disable");
  assert.equal((await disabled).status(), 200);
  const from = Date.now();
  await dora.seesHeading(/^Sign in/);
  const shown = Date.now() - from;
  assert.ok((await ended) - from < 1_000, `the stream ended after ${(await ended) - from} ms`);
  assert.ok(shown < 2_500, `the sign-in was shown after ${shown} ms`);
  assert.ok(await dora.page.evaluate(() => document.querySelector<HTMLElement>("#root")!.inert), "what was shown is covered");
  const again = await Somebody.at(browser, server.origin);
  await again.goTo("/sign-in");
  await again.signIn("dora@example.com", PASSWORD);
  await again.page.getByRole("alert").waitFor();
  await owner.sees("disabled");
  await again.leave(403);
  await dora.leave(403);
  await owner.leave();
});

test("the server's log complains of nothing", () => {
  assert.deepEqual(server.complaints, []);
});
