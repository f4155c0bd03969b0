// Every screen about people, as the real server fills it: nobody is shut out of it, and nothing is cut off.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { findViolations, overflowOf, settle } from "../src/axe";
import { Caller, join } from "../src/caller";
import { openBrowser } from "../src/dashboard";
import { EMAIL } from "../src/owner";
import { Server } from "../src/server";
import { Somebody } from "../src/somebody";

const SITE = "shop.example";
const PASSWORD = "a staple for a horse of mine";
const LONG = "Maximiliane Freifrau von und zu Hohenlohe-Waldenburg-Schillingsfürst";

let server: Server;
let fresh: Server;
let browser: Browser;
let invitation: string;
before(async () => {
  server = await Server.start([SITE, "a-rather-long-name-of-a-site-for-a-narrow-screen.example"]);
  fresh = await Server.fresh();
  browser = await openBrowser();
  const owner = Caller.owner(server);
  await owner.ask("PATCH", "/api/me", { name: "Ada Quist" });
  await join(server, { email: "ben@example.com", role: "admin", name: LONG }, PASSWORD);
  await join(server, { email: "somebody.with.a.long.address@a-long-domain.example.com", role: "site_viewer", sites: [SITE] }, PASSWORD);
  for (const email of ["eva@example.com", "frida@example.com"]) {
    ({ url: invitation } = await owner.ask<{ url: string }>("POST", "/api/invitations", { email, role: "site_viewer", sites: [SITE] }));
  }
  await owner.ask("POST", "/api/keys", { scopes: ["read", "export"], site: SITE, expires_in_days: 30 });
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await fresh?.stop();
});

type Act = (somebody: Somebody) => Promise<unknown>;
const sees = (text: string | RegExp): Act => (somebody) => somebody.sees(text);
const opens = (button: string | RegExp, field: string): Act => async (somebody) => {
  await somebody.press(button);
  await somebody.page.getByRole("dialog").locator(field).first().waitFor();
};

const ways: [string, () => string, Act][] = [
  ["the sign-in", () => `${server.origin}/sign-in`, sees("Forgot the password?")],
  ["a refused sign-in", () => `${server.origin}/sign-in`, async (somebody) => {
    await somebody.signIn("nobody@example.com", "wrong");
    await somebody.page.getByRole("alert").waitFor();
  }],
  ["a forgotten password", () => `${server.origin}/reset`, sees("Send the link")],
  ["an invitation", () => invitation, sees("Create the account and join")],
  ["the page on which visitors ask", () => `${server.origin}/privacy/${SITE}`, sees("Erase it")],
  ["a server without an owner", () => `${fresh.origin}/`, sees("This server has no owner yet")],
  ["the setup", () => `${fresh.origin}/setup#${fresh.setupToken}`, sees("Create the owner")],
];
const parts: [string, string, Act][] = [
  ["the privacy centre", `/${SITE}/privacy`, sees("Nobody has asked anything.")],
  ["the people", "/settings/people", sees("frida@example.com")],
  ["inviting somebody", "/settings/people", opens("Invite somebody", "input[type=email]")],
  ["changing a person", "/settings/people", opens(`Change ${LONG}`, "section")],
  ["the keys", "/settings/keys", sees("Key without a name")],
  ["making a key", "/settings/keys", opens("Make a key", "select")],
  ["the organization", "/settings/organization", sees("You are one of them")],
  ["the audit log", "/settings/audit", sees("became the first owner")],
  ["support grants", "/settings/support", (somebody) => somebody.page.waitForLoadState("networkidle")],
  ["one's own security", "/settings/security", sees("this one")],
  ["setting up the authenticator app", "/settings/security", opens("Set up", "svg[role=img]")],
  ["changing the password", "/settings/security", opens("Change password", "input[type=password]")],
  ["adding a site", "/?add=true", sees("Add a site")],
  ["removing a site", `/${SITE}/settings`, opens("Remove …", "input")],
  ["the first steps", `/${SITE}`, sees("First steps")],
  ["the account", "/settings/people", async (somebody) => {
    await somebody.press(/account of/);
    await somebody.page.getByRole("menuitem").first().waitFor();
  }],
];

for (const width of [360, 1600]) {
  for (const scheme of ["light", "dark"] as const) {
    const look = { width, height: 900, scheme };
    for (const [screen, url, ready] of ways) {
      test(`axe finds nothing on ${screen}, ${scheme}, ${width} pixels wide, and nothing is cut off`, async () => {
        const stranger = await Somebody.at(browser, new URL(url()).origin, look);
        await stranger.page.goto(url());
        await check(stranger, screen, ready, look);
      });
    }
    for (const [screen, path, ready] of parts) {
      test(`axe finds nothing on ${screen}, ${scheme}, ${width} pixels wide, and nothing is cut off`, async () => {
        const owner = await Somebody.signedIn(browser, server, undefined, look);
        await owner.goTo(path);
        await check(owner, screen, ready, look);
      });
    }
  }
}

async function check(somebody: Somebody, screen: string, ready: Act, { width, scheme }: { width: number; scheme: string }): Promise<void> {
  await ready(somebody);
  await settle(somebody.page);
  if (process.env.CANDOR_PICTURES) {
    await somebody.page.screenshot({ path: `${process.env.CANDOR_PICTURES}/${screen.replaceAll(/\W+/g, "-")}-${scheme}-${width}.png`, fullPage: true });
  }
  assert.deepEqual(await findViolations(somebody.page), []);
  assert.equal(await overflowOf(somebody.page), 0);
  await somebody.leave(429);
}

test("the servers' logs complain of nothing and name nobody", () => {
  assert.deepEqual([server.complaints, fresh.complaints], [[], []]);
  assert.deepEqual(server.log.filter((line) => line.includes(EMAIL)), []);
});
