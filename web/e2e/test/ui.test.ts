// The dashboard in a browser: it shows what is true, narrows, follows along, obeys the keyboard and shuts nobody out.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { findViolations, overflowOf, settle } from "../src/axe";
import { Dashboard, type Look, openBrowser } from "../src/dashboard";
import { Server } from "../src/server";
import { until } from "../src/waiting";

const SITE = "shop.example";
const EMPTY = "empty.example";
const AGENTS = {
  firefox: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  safari: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
};

let server: Server;
let browser: Browser;
before(async () => {
  server = await Server.start([SITE, EMPTY]);
  browser = await openBrowser();
  // Three people: one reads two pages on a computer, two see one page each on telephones, one of them coming from a letter.
  await send("203.0.113.1", "firefox", "/");
  await send("203.0.113.1", "firefox", "/pricing");
  await send("203.0.113.1", "firefox", "/pricing", { n: "Signup" });
  await send("203.0.113.2", "safari", "/");
  await send("203.0.113.3", "safari", "/pricing?utm_source=letter&utm_campaign=spring");
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function send(address: string, agent: keyof typeof AGENTS, path: string, more: object = {}, site = SITE): Promise<void> {
  const headers = { "user-agent": AGENTS[agent], "accept-language": "de-AT,de;q=0.9", "x-forwarded-for": address, "x-forwarded-proto": "https" };
  const answer = await server.send({ n: "pageview", d: site, u: `https://${site}${path}`, s: "1280x720", ...more }, headers);
  assert.deepEqual([answer.status, answer.headers.get("x-candor-refused")], [202, null]);
}

const open = (path = "", look?: Look, site = SITE) => Dashboard.open(browser, server, `/${site}${path}`, look);

/** Closes it and says what its console complained of, and anything it did that it should not. */
async function closeClean(dashboard: Dashboard): Promise<void> {
  const { harm, complaints } = dashboard.watch;
  await dashboard.close();
  assert.deepEqual([harm, complaints], [[], []]);
}

test("the first page leads to a site's dashboard", async () => {
  const dashboard = await Dashboard.open(browser, server, "/");
  await dashboard.page.waitForURL(new RegExp(`/(${SITE}|${EMPTY})$`));
  await closeClean(dashboard);
});

test("the headline and every panel show what was sent", async () => {
  const dashboard = await open();
  await dashboard.drawn();
  const headline = await Promise.all(["Visitors", "Visits", "Page views", "Views per visit", "Bounce rate"].map((label) => dashboard.headline(label)));
  assert.deepEqual(headline, ["3", "3", "4", "1.33", "67%"]);
  assert.deepEqual(new Map(await dashboard.rows("Pages")), new Map([["/", 2], ["/pricing", 2]]));
  assert.deepEqual(new Map(await dashboard.rows("Sources")), new Map([["Direct / None", 2], ["letter", 1]]));
  await dashboard.choose("Pages", "Exit pages");
  assert.deepEqual(new Map(await dashboard.rows("Pages")), new Map([["/pricing", 2], ["/", 1]]));
  await dashboard.choose("Devices", "Devices");
  assert.deepEqual(new Map(await dashboard.rows("Devices")), new Map([["Mobile", 2], ["Desktop", 1]]));
  await closeClean(dashboard);
});

test("a click on a row narrows the whole report and stands in the URL; going back takes it away", async () => {
  const dashboard = await open();
  await dashboard.drawn();
  await dashboard.row("Sources", "letter").click();
  await dashboard.page.waitForURL(/f=is:source:letter/);
  await until("one visitor", async () => (await dashboard.headline("Visitors")) === "1");
  assert.deepEqual(await dashboard.rows("Pages"), [["/pricing", 1]]);
  await dashboard.page.reload();
  await dashboard.drawn();
  assert.equal(await dashboard.headline("Visitors"), "1");
  await dashboard.page.getByRole("button", { name: "Remove the filter Source is letter" }).click();
  await until("all visitors", async () => (await dashboard.headline("Visitors")) === "3");
  assert.ok(!dashboard.page.url().includes("f="));
  await dashboard.page.goBack();
  await until("one visitor again", async () => (await dashboard.headline("Visitors")) === "1");
  await closeClean(dashboard);
});

test("a new visitor appears without a reload", async () => {
  const dashboard = await open();
  await dashboard.drawn();
  const current = dashboard.page.getByRole("button", { name: /current visitors/ });
  await until("3 current visitors", async () => /^3\s/.test(await current.innerText()));
  await dashboard.page.evaluate("window.sameDocument = true");
  await send("203.0.113.4", "firefox", "/late");
  await until("4 current visitors", async () => /^4\s/.test(await current.innerText()));
  await until("the new page in its panel", () => dashboard.row("Pages", "/late").isVisible());
  assert.equal(await dashboard.headline("Visitors"), "4");
  assert.equal(await dashboard.page.evaluate("window.sameDocument"), true);
  await closeClean(dashboard);
});

test("the palette finds a period by keyboard alone", async () => {
  const dashboard = await open();
  await dashboard.drawn();
  const { page } = dashboard;
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Search and commands" }).waitFor();
  await page.keyboard.type("last 7");
  await page.getByRole("menuitem", { name: "Last 7 days" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/period=7d/);
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await closeClean(dashboard);
});

test("the whole report can be walked through with the Tab key, and Enter narrows it", async () => {
  const dashboard = await open();
  await dashboard.drawn();
  const focusedName = () => dashboard.page.evaluate(() => document.activeElement?.textContent ?? "");
  for (let steps = 0; (await focusedName()) !== "letter"; steps += 1) {
    assert.ok(steps < 80, "the row is reached");
    await dashboard.page.keyboard.press("Tab");
  }
  await dashboard.page.keyboard.press("Enter");
  await dashboard.page.waitForURL(/f=is:source:letter/);
  await closeClean(dashboard);
});

test("a site without events says what was refused and why, and opens with the first event", async () => {
  const refused = await server.send({ n: "pageview", d: EMPTY, u: `https://${EMPTY}/` }, { "user-agent": AGENTS.firefox, "sec-gpc": "1" });
  assert.equal(refused.headers.get("x-candor-refused"), "opt_out");
  const dashboard = await open("", {}, EMPTY);
  await dashboard.page.getByText("Waiting for the first event").waitFor();
  await dashboard.page.getByText(/data-site="empty\.example"/).waitFor();
  await dashboard.page.getByRole("region", { name: "Events that were not taken" }).getByRole("listitem").waitFor();
  await send("203.0.113.5", "firefox", "/first", {}, EMPTY);
  await dashboard.page.getByText("The first event has arrived").waitFor();
  await dashboard.page.getByRole("button", { name: "Open the dashboard" }).click();
  await dashboard.drawn();
  assert.deepEqual(await dashboard.rows("Pages"), [["/first", 1]]);
  await closeClean(dashboard);
});

test("what was refused and set aside is shown with its reason and its count", async () => {
  await server.send({ n: "pageview", d: EMPTY, u: `https://${EMPTY}/` }, { "user-agent": "Googlebot/2.1 (+http://www.google.com/bot.html)" });
  const dashboard = await open("/refused", {}, EMPTY);
  for (const list of ["Set aside", "Refused"]) {
    const row = dashboard.page.getByRole("region", { name: list, exact: true }).locator("tbody tr");
    await row.waitFor();
    assert.equal(await row.getByRole("cell").last().innerText(), "1");
  }
  await closeClean(dashboard);
});

const screens: [string, string, (page: Page) => Promise<void>][] = [
  ["the dashboard", "", async (page) => page.getByRole("region", { name: "Pages" }).locator("tbody button").first().waitFor()],
  ["a narrowed dashboard", "?f=is:page:/pricing&period=today", async (page) => page.getByRole("region", { name: "Filters" }).waitFor()],
  ["the details of a list", "?details=page", async (page) => page.getByRole("dialog").getByRole("cell").first().waitFor()],
  ["the palette", "", async (page) => {
    await page.getByRole("region", { name: "Pages" }).locator("tbody button").first().waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("menuitem").first().waitFor();
  }],
  ["the settings", "/settings", async (page) => page.locator("pre").first().waitFor()],
  ["what was refused", "/refused", async (page) => page.getByRole("region", { name: "Refused", exact: true }).waitFor()],
];
for (const [screen, path, ready] of screens) {
  for (const width of [360, 1600]) {
    for (const scheme of ["light", "dark"] as const) {
      test(`axe finds nothing on ${screen}, ${scheme}, ${width} pixels wide, and nothing is cut off`, async () => {
        const dashboard = await open(path, { width, height: 800, scheme });
        await ready(dashboard.page);
        await settle(dashboard.page);
        assert.deepEqual(await findViolations(dashboard.page), []);
        assert.equal(await overflowOf(dashboard.page), 0);
        await closeClean(dashboard);
      });
    }
  }
}

test("the server's log complains of nothing", () => {
  assert.deepEqual(server.complaints, []);
});
