// The privacy centre beside its requests: what consent means, wording that follows the settings, what is declared, how long things are kept.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Locator } from "playwright-core";
import { Caller } from "../src/caller";
import { openBrowser } from "../src/dashboard";
import { inAllLooks } from "../src/looks";
import { inJson, Server } from "../src/server";
import { Somebody } from "../src/somebody";
import { until } from "../src/waiting";

const SITE = "shop.example";

let server: Server;
let browser: Browser;
let caller: Caller;
let owner: Somebody;
before(async () => {
  server = await Server.start([SITE]);
  browser = await openBrowser();
  caller = Caller.owner(server);
  owner = await Somebody.signedIn(browser, server);
  await owner.goTo(`/${SITE}/privacy`);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const part = (name: string) => owner.page.getByRole("region", { name, exact: true });
const wording = () => part("Wording for your privacy policy");

/** What was copied: a page of this server may not read it, so it is pasted. */
async function clipboard(): Promise<string> {
  const { page } = owner;
  await page.evaluate(() => {
    const pasted = Object.assign(document.createElement("textarea"), { id: "pasted" });
    document.body.append(pasted);
    pasted.focus();
  });
  await page.keyboard.press("ControlOrMeta+v");
  return page.locator("#pasted").evaluate((pasted) => {
    pasted.remove();
    return (pasted as HTMLTextAreaElement).value;
  });
}

const versionOf = async (language = "en") =>
  (await caller.ask<{ version: string }>("GET", `/api/sites/${SITE}/privacy-text?language=${language}`)).version;

test("wording for the site's policy is made of its settings, and is another one as soon as one of them changes", async () => {
  await wording().getByText("kept as long as the site is measured").waitFor();
  const before = await versionOf();
  await part("Consent").getByText(`version: "${before}"`).waitFor();
  await owner.field("Events").selectOption("90 days");
  await owner.press("Change");
  await owner.dialog("Keep events for 90 days only?").getByRole("button", { name: "Change" }).click();
  await wording().getByText("What is measured is kept for 90 days").waitFor();
  const then = await versionOf();
  assert.notEqual(then, before);
  await part("Consent").getByText(`version: "${then}"`).waitFor();
  await owner.field("Language").selectOption("Deutsch");
  await wording().getByText("90 Tage").waitFor();
  await part("Consent").getByText(`version: "${await versionOf("de")}"`).waitFor();
});

test("a page tells of a consent by a script that the snippet lacks while nothing is declared, and not at all where no page has an id", async () => {
  const consent = part("Consent");
  await consent.locator("pre").filter({ hasText: "/i.js" }).waitFor();
  await caller.ask("PATCH", `/api/sites/${SITE}`, { identity: "cookieless" });
  await owner.page.reload();
  await consent.getByText("where your server tells of them").waitFor();
  await wording().getByText(/^Version /).waitFor();
  assert.equal(await consent.getByText("candor(").count(), 0);
  await caller.ask("PATCH", `/api/sites/${SITE}`, { identity: "consent" });
  await owner.page.reload();
  await consent.getByText("candor(").waitFor();
  await owner.field("Language").selectOption("Deutsch");
  await wording().getByText("90 Tage").waitFor();
});

test("it is copied as text or as HTML, the words that the server wrote", async () => {
  const { markdown, html } = await caller.ask<{ markdown: string; html: string }>("GET", `/api/sites/${SITE}/privacy-text?language=de`);
  await wording().getByRole("button", { name: "Copy" }).click();
  await owner.sees("Copied.");
  assert.equal(await clipboard(), markdown);
  await owner.field("To copy as").selectOption("HTML");
  await wording().getByRole("button", { name: "Copy" }).click();
  await until("the HTML", async () => (await clipboard()) === html);
});

test("an attribute is declared, one that came and was left out by one click, and one no longer once it is meant", async () => {
  const declared = part("What is kept of visitors by name");
  await declared.getByText("None are declared").waitFor();
  await owner.field("Name").fill("seats");
  await owner.field("Type").selectOption("Number");
  await declared.getByRole("form", { name: "Declare" }).getByRole("button", { name: "Declare" }).click();
  await declared.getByRole("listitem").filter({ hasText: "seats" }).getByText("Number").waitFor();
  await part("Consent").getByText("/i.js").waitFor({ state: "detached" });
  await wording().getByText("seats").waitFor();
  const { write_key } = await caller.ask<{ write_key: string }>("GET", `/api/sites/${SITE}`);
  const said = inJson({ userId: "ada", traits: { shoe: "left", seats: "many" }, writeKey: write_key, messageId: "1" });
  assert.equal((await fetch(`${server.origin}/v1/identify`, said)).status, 200);
  await owner.page.reload();
  const leftOut = declared.getByRole("list", { name: "Came and was left out" });
  await leftOut.getByRole("listitem").filter({ hasText: "seats" }).getByText("declared now").waitFor();
  await owner.press("Declare shoe");
  await declared.getByRole("listitem").filter({ hasText: "shoe" }).getByText("Text").waitFor();
  await owner.press("Remove seats from what is declared");
  await owner.dialog("Declare seats no longer?").getByRole("button", { name: "Remove" }).click();
  await declared.getByRole("list", { name: "What is kept of visitors by name" }).getByText("seats").waitFor({ state: "detached" });
  const { settings } = await caller.ask<{ settings: { identified: { attributes: unknown[] } } }>("GET", `/api/sites/${SITE}`);
  assert.deepEqual(settings.identified.attributes, [{ name: "shoe", kind: "text" }]);
});

test("what the server refuses of a name is said at the form, and nothing was changed", async () => {
  await owner.field("Name").fill("shoe");
  const form = owner.page.getByRole("form", { name: "Declare" });
  await form.getByRole("button", { name: "Declare" }).click();
  await form.getByText("An attribute is declared once.").waitFor();
  await owner.field("Name").fill("");
});

test("of the three conditions for a full address each is said as it is now", async () => {
  const addresses = part("Full network addresses");
  const condition = (text: string) => addresses.getByRole("listitem").filter({ hasText: text });
  await condition("allows it").getByText("not true now").waitFor();
  await condition("agreement").getByText("not true now").waitFor();
  await condition("receipt").getByText("looked at each time").waitFor();
  await owner.field("Name").fill("ip");
  await owner.field("Type").selectOption("Network address");
  await owner.page.getByRole("form", { name: "Declare" }).getByRole("button", { name: "Declare" }).click();
  await addresses.getByRole("switch").focus();
  await owner.page.keyboard.press("Space");
  await condition("allows it").getByText("true now", { exact: true }).waitFor();
  await addresses.getByRole("link", { name: "The agreement" }).click();
  await owner.arrives("/settings/organization");
  await owner.sees("The organization did not accept this version.");
  const { version } = await caller.ask<{ version: string }>("GET", "/api/organizations/1/agreement");
  await caller.ask("POST", "/api/organizations/1/agreement", { version });
  await owner.goTo(`/${SITE}/privacy`);
  await condition("agreement").getByText("true now", { exact: true }).waitFor();
});

test("events and recordings are kept as long as is chosen, each by itself; to keep them longer asks nothing", async () => {
  await owner.field("Recordings").selectOption("60 days");
  await owner.press("Change");
  await owner.sees("Changed.");
  await owner.field("Events").selectOption("As long as there is the site");
  await owner.press("Change");
  await wording().getByText("kept as long as the site is measured").waitFor();
  const { events, recordings } = await caller.ask<Record<"events" | "recordings", { days: number | null }>>("GET", `/api/sites/${SITE}/retention`);
  assert.deepEqual([events.days, recordings.days], [null, 60]);
});

test("a change that is refused is said where it was decided, and what is kept stays as it was", async () => {
  const path = `**/api/sites/${SITE}`;
  const refuse = { status: 503, json: { error: "the worker is being restarted" } };
  await owner.page.route(path, (route) => (route.request().method() === "PATCH" ? route.fulfill(refuse) : route.fallback()));
  const refused = (where: Locator) => where.getByRole("alert").filter({ hasText: "The worker is being restarted." }).waitFor();
  const keeping = part("How long things are kept");
  await owner.field("Recordings").selectOption("90 days");
  await owner.press("Change");
  await refused(keeping);
  await owner.field("Recordings").selectOption("60 days");
  await keeping.getByRole("alert").waitFor({ state: "detached" });
  await owner.field("Events").selectOption("90 days");
  await owner.press("Change");
  const shorter = owner.dialog("Keep events for 90 days only?");
  await shorter.getByRole("button", { name: "Change" }).click();
  await refused(shorter);
  await shorter.getByRole("button", { name: "Cancel" }).click();
  await refused(keeping);
  await owner.press("Remove shoe from what is declared");
  const removing = owner.dialog("Declare shoe no longer?");
  await removing.getByRole("button", { name: "Remove" }).click();
  await refused(removing);
  await removing.getByRole("button", { name: "Cancel" }).click();
  await owner.page.unroute(path);
  await owner.page.reload();
  await owner.button("Remove shoe from what is declared").waitFor();
  assert.deepEqual(
    await Promise.all(["Events", "Recordings"].map((name) => owner.field(name).inputValue())),
    ["", "60"],
  );
});

test("who was erased is told by pages, the newest first", async () => {
  const found = { events: 1, set_aside: 0, visits: 1, recordings: 0 };
  const erased = (number: number) => ({ number, visitor: "", asked_at: "2026-11-26T12:00:00Z", done_at: "2026-11-26T12:00:00Z", found, receipt: "a receipt" });
  const path = `**/api/sites/${SITE}/erasures*`;
  await owner.page.route(path, (route) => {
    const isFirst = !route.request().url().includes("?below=2");
    return route.fulfill({ json: isFirst ? { erasures: [erased(2)], next: 2 } : { erasures: [erased(1)] } });
  });
  await owner.page.reload();
  await owner.button("Receipt of erasure 2").waitFor();
  await owner.press("Load earlier ones");
  await owner.button("Receipt of erasure 1").waitFor();
  assert.equal(await owner.button("Load earlier ones").count(), 0);
  await owner.page.unroute(path);
});

test("what goes next is told with its days, and a failure in words", async () => {
  const going = { days: 90, next: [{ on: "2026-12-01", count: 12_345, bytes_about: 5_000_000 }, { on: "2026-12-02", count: 5, bytes_about: 2_000 }] };
  const path = `**/api/sites/${SITE}/retention`;
  await owner.page.route(path, (route) => route.fulfill({ json: { events: going, recordings: { days: 30, next: [] } } }));
  await owner.page.reload();
  await owner.sees("Within the next 30 days 12,350 go, the first on 1 Dec.");
  await owner.page.getByText("By day").click();
  await owner.page.getByRole("cell", { name: "4.8 MiB" }).waitFor();
  await owner.sees("Nothing goes within the next 30 days.");
  await inAllLooks(owner, "centre");
  await owner.page.unroute(path);
  await owner.page.route(path, (route) => route.fulfill({ status: 503, json: { error: "the worker is being restarted" } }));
  await owner.page.reload();
  await part("How long things are kept").getByText("The worker is being restarted.").waitFor();
  await owner.page.unroute(path);
});

test("the owner leaves, and nothing else was complained of", () => owner.leave(400, 503));

test("the server's log complains of nothing", () => {
  assert.deepEqual(server.complaints, []);
});
