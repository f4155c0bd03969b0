// One visitor's page: found in the privacy centre, corrected, their consents given and withdrawn, and kept out of reports.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import type { Browser, Locator } from "playwright-core";
import { findViolations } from "../src/axe";
import { Caller, join } from "../src/caller";
import { openBrowser } from "../src/dashboard";
import { inAllLooks } from "../src/looks";
import { inJson, Server } from "../src/server";
import { Somebody } from "../src/somebody";
import { until } from "../src/waiting";

const SITE = "shop.example";
const PASSWORD = "a staple for a horse of mine";
/** A browser that is no bot. */
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
const NOBODY = "5f0e6d0a-0c1c-4b9e-9a53-0a8f3c2b7d11";
const SCRIPT = "<img src=x onerror=\"document.title='ran'\">";

let server: Server;
let browser: Browser;
let owner: Caller;
let viewer: Caller;
let ada: string;
before(async () => {
  server = await Server.start([SITE]);
  browser = await openBrowser();
  owner = Caller.owner(server);
  const attributes = [
    { name: "plan", kind: "text" },
    { name: "seats", kind: "number" },
    { name: "paying", kind: "boolean" },
    { name: "ip", kind: "address" },
  ];
  const { write_key } = await owner.ask<{ write_key: string }>("PATCH", `/api/sites/${SITE}`, {
    identity: "always",
    identified: { attributes, addresses: true },
  });
  await segment(write_key, "identify", { userId: "ada", traits: { plan: SCRIPT, seats: 3, shoe: "left" } });
  await segment(write_key, "track", { userId: "ada", event: "Signed Up" });
  const found = await owner.ask<{ visitors: { visitor: string }[] }>("GET", `/api/sites/${SITE}/visitors?id=ada`);
  ada = found.visitors[0]!.visitor;
  viewer = await join(server, { email: "vera@example.com", role: "organization_viewer" }, PASSWORD);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function segment(writeKey: string, call: string, body: object): Promise<void> {
  const sent = inJson({ ...body, writeKey, messageId: `${call} 1` });
  const answer = await fetch(`${server.origin}/v1/${call}`, { ...sent, headers: { ...sent.headers, "user-agent": FIREFOX } });
  assert.equal(answer.status, 200, await answer.text());
}

const line = ({ page }: Somebody, list: string, text: string) => page.getByRole("list", { name: list }).getByRole("listitem").filter({ hasText: text });

const getsFocus = (where: Locator) => until("the focus", () => where.evaluate((each) => each === document.activeElement));

test("whoever is meant by what the site calls them is found by the keyboard alone, and what was said of them is text", async () => {
  const somebody = await Somebody.signedIn(browser, server);
  await somebody.goTo(`/${SITE}/privacy`);
  await somebody.field("Visitor").focus();
  await somebody.page.keyboard.type("ada");
  await somebody.page.keyboard.press("Enter");
  await somebody.arrives(`/${SITE}/visitors/${ada}`);
  await somebody.seesHeading("ada");
  await somebody.sees(ada);
  await somebody.sees(SCRIPT);
  await somebody.sees("First seen");
  await somebody.sees("1 event in 1 visit, 0 recordings");
  await line(somebody, "What is known of them", "seats").getByText("number, said").waitFor();
  assert.notEqual(await somebody.page.title(), "ran");
  await somebody.page.getByRole("link", { name: "Privacy" }).click();
  await somebody.arrives(`/${SITE}/privacy`);
  await somebody.field("Visitor").fill("grace");
  await somebody.press("Find");
  await somebody.sees("Nothing is kept of anybody by that name.");
  await somebody.leave();
});

test("an attribute is corrected where it stands, another is added, and one is removed once it is meant", async () => {
  const somebody = await Somebody.signedIn(browser, server);
  await somebody.goTo(`/${SITE}/visitors/${ada}`);
  await somebody.press("Correct plan");
  await somebody.field("plan").fill("team");
  await somebody.page.keyboard.press("Enter");
  await line(somebody, "What is known of them", "plan").getByText("team").waitFor();
  await getsFocus(somebody.button("Correct plan"));
  await somebody.press("Correct seats");
  await somebody.field("seats").fill("many");
  await somebody.press("Save");
  await somebody.sees(/seats is not declared at this site, or its value is of another type/i);
  await somebody.field("seats").fill("4");
  await somebody.press("Save");
  await line(somebody, "What is known of them", "seats").getByText("4", { exact: true }).waitFor();
  await somebody.press("Add");
  await getsFocus(somebody.field("Attribute"));
  await somebody.field("paying").selectOption("yes");
  await somebody.press("Save");
  await line(somebody, "What is known of them", "paying").getByText("yes", { exact: true }).waitFor();
  await getsFocus(somebody.button("Add"));
  await somebody.press("Remove plan");
  await somebody.dialog("Remove plan?").getByRole("button", { name: "Remove" }).click();
  await line(somebody, "What is known of them", "plan").waitFor({ state: "detached" });
  await somebody.leave(400);
});

test("an address needs a consent that is on record, and the agreement, and is refused in words until then", async () => {
  const somebody = await Somebody.signedIn(browser, server);
  await somebody.goTo(`/${SITE}/visitors/${ada}`);
  await somebody.press("Add");
  await somebody.field("Attribute").selectOption("ip");
  await somebody.sees("An address needs a consent of theirs that is not withdrawn");
  assert.ok(await somebody.button("Save").isDisabled());
  await somebody.press("Cancel");

  await somebody.press("Write a consent down");
  await getsFocus(somebody.field("To what"));
  await somebody.field("To what").fill("support, analytics");
  const version = await somebody.field("Which text they were shown").inputValue();
  const text = await owner.ask<{ version: string }>("GET", `/api/sites/${SITE}/privacy-text`);
  assert.equal(version, text.version);
  await somebody.press("Write it down");
  await line(somebody, "What they consented to", "analytics support").getByText("written down here").waitFor();
  await getsFocus(somebody.button("Write a consent down"));

  await somebody.press("Add");
  await somebody.field("Attribute").selectOption("ip");
  await somebody.field("ip").fill("198.51.100.77");
  await somebody.press("Save");
  await somebody.sees(/agreement/);
  const agreement = await owner.ask<{ version: string }>("GET", "/api/organizations/1/agreement");
  await owner.ask("POST", "/api/organizations/1/agreement", { version: agreement.version });
  await somebody.press("Save");
  await line(somebody, "What is known of them", "ip").getByText("198.51.100.77").waitFor();
  await inAllLooks(somebody, "visitor");
  await somebody.leave(422);
});

test("a consent is withdrawn once it is meant, and what follows is said", async () => {
  const somebody = await Somebody.signedIn(browser, server);
  await somebody.goTo(`/${SITE}/visitors/${ada}`);
  await somebody.press("Withdraw analytics support");
  await inAllLooks(somebody, "visitor-withdraw");
  await somebody.dialog("Withdraw this consent?").getByRole("button", { name: "Withdraw" }).click();
  await somebody.sees(/They withdrew their consent/);
  await line(somebody, "What they consented to", "analytics support").getByText(/^withdrawn/).waitFor();
  assert.equal(await somebody.button("Withdraw analytics support").count(), 0);
  assert.equal(await somebody.page.getByText("198.51.100.77").count(), 0, "an address goes with its consent");
  await somebody.leave();
});

test("everything that is kept of a visitor is taken out as a ZIP that opens, by an owner alone", async () => {
  const somebody = await Somebody.signedIn(browser, server);
  await somebody.goTo(`/${SITE}/visitors/${ada}`);
  const [file] = await Promise.all([somebody.page.waitForEvent("download"), somebody.press("Take it out as a ZIP")]);
  assert.equal(file.suggestedFilename(), `${SITE}-visitor.zip`);
  // Judged by what nobody here wrote.
  const read = "import sys, zipfile; zip = zipfile.ZipFile(sys.argv[1]); print(zip.testzip()); print(zip.namelist()); print(zip.read('visitor.json').decode())";
  const told = execFileSync("python3", ["-c", read, await file.path()], { encoding: "utf8" });
  assert.match(told, /^None$/m);
  for (const part of ["README.txt", "events.csv", "consents.json", ada, '"seats"']) assert.ok(told.includes(part), part);
  assert.ok(!told.includes("198.51.100.77"), "an address went with its consent");
  await somebody.page.route("**/access", (route) => route.abort());
  await somebody.press("Take it out as a ZIP");
  await somebody.sees("It broke off, and nothing was saved. Try again.");
  await somebody.page.unroute("**/access");
  await somebody.page.route("**/access", (route) => route.fulfill({ status: 503, json: { error: "four are being given already" } }));
  await somebody.press("Take it out as a ZIP");
  await somebody.sees("Four are being given already.");
  await inAllLooks(somebody, "visitor-access");
  const admin = await join(server, { email: "ben@example.com", role: "admin" }, PASSWORD);
  const ben = await Somebody.signedIn(browser, server, admin.signIn);
  await ben.goTo(`/${SITE}/visitors/${ada}`);
  await ben.button("Erase …").waitFor();
  await ben.sees("An owner takes it out.");
  assert.ok(await ben.button("Take it out as a ZIP").isDisabled());
  await ben.leave();
  assert.deepEqual(somebody.watch.harm, []);
  await somebody.context.close();
});

test("two ids that are one visitor are both named, and a visitor who objects is not measured by either", async () => {
  await owner.ask("POST", `/api/sites/${SITE}/aliases`, { from: NOBODY, to: ada });
  const somebody = await Somebody.signedIn(browser, server);
  await somebody.goTo(`/${SITE}/visitors/${ada}`);
  const ids = somebody.page.getByRole("list", { name: "All their ids" }).getByRole("listitem");
  await ids.filter({ hasText: `counted as ${ada}` }).filter({ hasText: NOBODY }).waitFor();
  await somebody.page.getByRole("switch", { name: "Gather nothing more" }).focus();
  await somebody.page.keyboard.press("Space");
  await somebody.sees("They objected: nothing more of them is gathered.");
  await inAllLooks(somebody, "visitor-objected");
  const page = { n: "pageview", u: `https://${SITE}/`, d: SITE, visitor: NOBODY };
  const refused = await server.send(page, { "user-agent": FIREFOX });
  assert.equal(refused.headers.get("x-candor-refused"), "objected");
  await somebody.page.getByRole("switch", { name: "Gather nothing more", checked: true }).focus();
  await somebody.page.keyboard.press("Space");
  await somebody.page.getByText("They objected").waitFor({ state: "detached" });
  await owner.ask("DELETE", `/api/sites/${SITE}/aliases?from=${NOBODY}`);
  await somebody.leave();
});

test("a visitor is taken out of all reports by the keyboard alone, and is in them again", async () => {
  const counted = async () => (await server.query({ site_id: SITE, date_range: "7d", metrics: ["visitors"] })).results[0]?.metrics[0];
  const somebody = await Somebody.signedIn(browser, server);
  await somebody.goTo(`/${SITE}/visitors/${ada}`);
  await somebody.page.getByRole("switch", { name: "In no report" }).focus();
  await somebody.page.keyboard.press("Space");
  await somebody.sees("They are in no report: what is kept of them is not used.");
  await getsFocus(somebody.page.getByRole("switch", { name: "In no report" }));
  assert.equal(await counted(), 0);
  await inAllLooks(somebody, "visitor-restricted");
  await somebody.page.reload();
  const isOn = somebody.page.getByRole("switch", { name: "In no report", checked: true });
  await isOn.focus();
  await somebody.page.keyboard.press("Space");
  await isOn.waitFor({ state: "detached" });
  assert.equal(await counted(), 1);
  await somebody.leave();
});

test("what is known stays on the page where it cannot be asked for anew, with a way to try again", async () => {
  const somebody = await Somebody.signedIn(browser, server);
  await somebody.goTo(`/${SITE}/visitors/${ada}`);
  await somebody.seesHeading("ada");
  const path = `**/api/sites/${SITE}/visitors/${ada}`;
  await somebody.page.route(path, (route) => route.fulfill({ status: 503, json: { error: "the keeper is being restarted" } }));
  await somebody.page.getByRole("switch", { name: "In no report" }).focus();
  await somebody.page.keyboard.press("Space");
  await somebody.sees("The keeper is being restarted.");
  await somebody.seesHeading("ada");
  await somebody.page.unroute(path);
  await somebody.press("Try again");
  await somebody.sees("They are in no report: what is kept of them is not used.");
  await somebody.page.getByText("The keeper is being restarted.").waitFor({ state: "detached" });
  await owner.ask("DELETE", `/api/sites/${SITE}/visitors/${ada}/restriction`);
  await somebody.leave(503);
});

test("a viewer sees who visitors are where the site lets them, and changes nothing", async () => {
  const vera = await Somebody.signedIn(browser, server, viewer.signIn);
  await vera.goTo(`/${SITE}/visitors/${ada}`);
  await vera.sees("You may not see who visitors of this site are");
  await vera.page.getByRole("main").getByRole("link", { name: "Dashboard" }).waitFor();
  await owner.ask("PATCH", `/api/sites/${SITE}`, { recording: { shown_to_viewers: true } });
  await vera.page.reload();
  await vera.seesHeading("ada");
  await line(vera, "What is known of them", "seats").waitFor();
  await vera.page.getByRole("main").getByRole("link", { name: "Recordings", exact: true }).waitFor();
  assert.equal(await vera.page.getByRole("link", { name: "Privacy" }).count(), 0);
  assert.equal(await vera.page.getByRole("button", { name: /^(Correct|Remove|Add|Withdraw|Erase|Write)/ }).count(), 0);
  await owner.ask("PATCH", `/api/sites/${SITE}`, { recording: { shown_to_viewers: false } });
  await vera.leave();
});

test("nobody, and a server that fails, are each said in words", async () => {
  const somebody = await Somebody.signedIn(browser, server);
  await somebody.goTo(`/${SITE}/visitors/nobody`);
  await somebody.sees("There is no such visitor");
  await somebody.goTo(`/${SITE}/visitors/${NOBODY}`);
  await somebody.sees("Nothing is known of them.");
  await somebody.sees("There is no receipt of theirs.");
  await somebody.sees(/^Nothing that they did is kept\./);
  await inAllLooks(somebody, "visitor-empty");
  const path = `**/api/sites/${SITE}/visitors/${ada}`;
  await somebody.page.route(path, (route) => route.fulfill({ status: 503, json: { error: "the keeper is being restarted" } }));
  await somebody.goTo(`/${SITE}/visitors/${ada}`);
  await somebody.sees("The keeper is being restarted.");
  assert.deepEqual(await findViolations(somebody.page), []);
  await somebody.page.unroute(path);
  await somebody.press("Try again");
  await somebody.seesHeading("ada");
  await somebody.leave(400, 404, 503);
});

test("each look was written down, and the server's log complains of nothing and names nobody", async () => {
  const { entries } = await owner.ask<{ entries: { act: string }[] }>("GET", "/api/audit?limit=200");
  const acts = new Set(entries.map(({ act }) => act));
  for (const act of ["visitor_view", "visitor_change", "consent_add", "consent_withdraw", "visitor_access", "visitor_restrict", "erasure_preview"]) {
    assert.ok(acts.has(act), act);
  }
  assert.deepEqual(server.complaints, []);
  assert.deepEqual(server.log.filter((text) => text.includes(ada)), []);
});
