// A support grant from both sides, in two browsers: an operator asks, an owner lets them look, both see it, and it ends.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { openBrowser } from "../src/dashboard";
import { inAllLooks } from "../src/looks";
import { Operator } from "../src/operators";
import { PASSWORD } from "../src/owner";
import { Server } from "../src/server";
import { Somebody } from "../src/somebody";

const SITE = "shop.example";
/** One more than the fewest of whom anything is shown. */
const MANY = 6;
const FEW = 2;

let server: Server;
let browser: Browser;
let olga: Operator;
let operator: Somebody;
let owner: Somebody;
before(async () => {
  server = await Server.start([SITE]);
  browser = await openBrowser();
  for (let visitor = 0; visitor < MANY; visitor += 1) await view("/prices", visitor);
  for (let visitor = 0; visitor < FEW; visitor += 1) await view("/unannounced", visitor);
  olga = Operator.first(server, "olga");
  operator = await olga.signedIn(browser);
  owner = await Somebody.signedIn(browser, server);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A page view of a visitor whom nothing but the browser tells from others. */
async function view(path: string, visitor: number): Promise<void> {
  const version = 120 + visitor;
  const agent = `Mozilla/5.0 (X11; Linux x86_64; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
  const answer = await server.send({ n: "pageview", d: SITE, u: `https://${SITE}${path}` }, { "user-agent": agent });
  assert.equal(answer.status, 202);
}

const grantOn = (somebody: Somebody, purpose: string) => somebody.page.getByRole("list", { name: "Support grants" }).getByRole("listitem").filter({ hasText: purpose });
const open = (somebody: Somebody) => somebody.page.getByRole("list", { name: "Now", exact: true });

async function ask(purpose: string, ticket: string, fields: string[]): Promise<void> {
  await operator.press("Ask to see data of Example");
  await operator.fill({ Purpose: purpose, Site: SITE, Ticket: ticket });
  // The pages are marked already.
  for (const field of fields) await operator.page.getByRole("checkbox", { name: field }).check();
  await operator.press("Ask");
  await operator.sees("Asked. An owner decides.");
  await grantOn(operator, purpose).getByText("waits for an owner").waitFor();
}

async function approve(ticket: string): Promise<void> {
  await owner.goTo("/settings/support");
  await open(owner).getByRole("listitem").filter({ hasText: ticket }).getByRole("button", { name: "Approve for this one use" }).click();
  await owner.dialog("Let olga in?").getByRole("button", { name: "Approve for this one use" }).click();
}

test("an operator asks, and an owner sees what for, of what, how far back and for how long", async () => {
  await ask("visits look doubled", "T-17", ["Names of events"]);
  await owner.goTo(`/${SITE}`);
  await owner.sees(`Operator olga asks to see ${SITE}.`);
  await owner.page.getByRole("link", { name: "Look and decide" }).click();
  await owner.arrives("/settings/support");
  for (const fact of ["visits look doubled", "T-17", SITE, "page, event", "30 days", "30 minutes from the approval"]) {
    await open(owner).getByText(fact, { exact: true }).waitFor();
  }
});

test("approving wants it shown again who it is, and then every screen of the owner's says what is open", async () => {
  // As after ten minutes: the server says that it wants to be shown again.
  let asked = 0;
  await owner.page.route("**/api/support-grants/*/approve", (route) =>
    asked++ ? route.fallback() : route.fulfill({ status: 403, json: { error: "show again first that it is you", field: "confirm" } }),
  );
  await approve("T-17");
  await owner.field("Password").fill(PASSWORD);
  await owner.press("Confirm");
  await owner.sees("Approved.");
  assert.equal(asked, 2);
  await owner.sees("can see it now");
  await inAllLooks(owner, "granted");
  for (const screen of [`/${SITE}`, "/settings/people", "/"]) {
    await owner.goTo(screen);
    await owner.sees(new RegExp(`^Operator olga can see ${SITE} until [0-9:]{5}\\.`));
  }
});

test("the operator looks: what few did is not shown but counted as left out, and only what was granted can be chosen", async () => {
  await operator.page.reload();
  await operator.press("Look by T-17");
  const view = operator.dialog(`What is granted of ${SITE}`);
  await view.getByText("visits look doubled").waitFor();
  const choices = (label: string) => view.getByLabel(label).getByRole("option").allTextContents();
  assert.deepEqual(await choices("By"), ["Time", "Everything together", "Page", "Entry page", "Exit page", "Hostname", "Event"]);
  assert.deepEqual(await choices("Period"), ["Today", "Last 7 days", "Last 30 days"]);
  assert.equal(await view.getByRole("table").count(), 0, "nothing is asked before it is wanted");
  await view.getByLabel("By").selectOption("Page");
  await view.getByRole("button", { name: "Show" }).click();
  await view.getByText("One row; 1 left out, of fewer than five visitors each.").waitFor();
  assert.deepEqual(await view.getByRole("row").allInnerTexts(), ["Page\tVisitors\tVisits\tViews", `/prices\t${MANY}\t${MANY}\t${MANY}`]);
  assert.doesNotMatch(await operator.page.content(), /unannounced/);
  await inAllLooks(operator, "view");
  await view.getByLabel("By").selectOption("Everything together");
  await view.getByLabel("Measures").selectOption("Events");
  await view.getByRole("button", { name: "Show" }).click();
  await view.getByRole("row", { name: `All ${MANY} ${MANY + FEW}` }).waitFor();
});

test("what was not granted is refused, also to who asks past the console", async () => {
  const { grants } = (await operator.answer("/api/operator/support-grants")).json as { grants: { id: string }[] };
  const query = async (dimension: string) =>
    operator.page.evaluate(
      async ([id, dimension]) => {
        const body = JSON.stringify({ metrics: ["visitors"], dimensions: [dimension], date_range: "7d" });
        return (await fetch(`/api/operator/support-grants/${id}/query`, { method: "POST", headers: { "content-type": "application/json" }, body })).status;
      },
      [grants[0]!.id, dimension],
    );
  assert.deepEqual([await query("event:page"), await query("visit:source"), await query("visit:city")], [200, 403, 403]);
});

test("an owner ends it, and the operator's next question is refused in a sentence", async () => {
  await owner.goTo(`/${SITE}`);
  await owner.page.getByRole("link", { name: "Look or end it" }).click();
  await owner.press("End it now");
  await owner.sees("Ended: the operator sees nothing any more.");
  await owner.sees("No operator sees anything, and none asks to.");
  await owner.page.getByText(/Operator olga can see/).waitFor({ state: "detached" });
  await operator.press("Show");
  await operator.dialog(/What is granted/).getByRole("alert").getByText("That support grant is not open: ask for another.").waitFor();
  await operator.press("Close");
  await grantOn(operator, "visits look doubled").getByText("ended", { exact: true }).waitFor();
  assert.equal(await operator.button("Look by T-17").count(), 0);
});

test("an operator ends what they were let in by, and the owner sees that it is over", async () => {
  await ask("no campaigns", "T-18", []);
  await approve("T-18");
  await owner.sees("Approved.");
  await operator.page.reload();
  await operator.press("End T-18");
  await operator.sees("Ended.");
  await grantOn(operator, "no campaigns").getByText("ended", { exact: true }).waitFor();
  await owner.goTo("/settings/support");
  await owner.sees("No operator sees anything, and none asks to.");
  await owner.page.getByRole("list", { name: "Before" }).getByRole("listitem").filter({ hasText: "T-18" }).getByText("ended").waitFor();
});

test("the owner's audit log has the asking, the approval, each look with what was asked, and the end", async () => {
  await owner.goTo("/settings/audit");
  const entries = owner.page.getByRole("list", { name: "Entries" }).getByRole("listitem");
  const about = (act: string) => entries.filter({ hasText: act });
  await about("asked for a support grant").nth(1).waitFor();
  assert.equal(await about("asked for a support grant").count(), 2);
  assert.equal(await about("approved a support grant").count(), 2);
  assert.equal(await about("ended a support grant").count(), 2);
  assert.match(await about("asked for a support grant").first().innerText(), /Operator olga asked/);
  const looks = await about("looked at a site by a support grant").allInnerTexts();
  assert.equal(looks.length, 3, looks.join());
  assert.match(looks.at(-1)!, /event:page/);
  assert.match(looks.at(-1)!, /left out: 1/);
  await operator.leave(403, 410);
  await owner.leave(403);
});

test("the server's log complains of nothing", () => {
  assert.deepEqual(server.complaints, []);
});
