// Signing in and out in a browser: the cookie, wrong passwords, and browsers that keep no cookie.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { Caller } from "../src/caller";
import { openBrowser } from "../src/dashboard";
import { EMAIL, PASSWORD } from "../src/owner";
import { Server } from "../src/server";
import { Somebody } from "../src/somebody";
import { until } from "../src/waiting";

const SITE = "shop.example";

let server: Server;
let browser: Browser;
before(async () => {
  server = await Server.start([SITE]);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("who is not signed in signs in, arrives where they wanted to go, and signs out again", async () => {
  const owner = await Somebody.at(browser, server.origin);
  await owner.goTo(`/${SITE}/settings`);
  await owner.arrives("/sign-in");
  await owner.signIn(EMAIL, PASSWORD);
  await owner.arrives(`/${SITE}/settings`);
  await owner.signOut();
  assert.equal(await owner.cookie(), undefined);
  assert.equal((await owner.answer("/api/session")).status, 401);
  await owner.goTo(`/${SITE}`);
  await owner.arrives("/sign-in");
  await owner.leave();
});

for (const host of ["localhost", "127.0.0.1"]) {
  test(`a browser keeps the cookie of a sign-in on http://${host}, for this host alone and out of reach of scripts`, async () => {
    const owner = await Somebody.at(browser, server.origin.replace("localhost", host));
    await owner.goTo("/sign-in");
    await owner.signIn(EMAIL, PASSWORD);
    await owner.arrives(`/${SITE}`);
    const cookie = await owner.cookie();
    assert.deepEqual(
      { ...cookie, value: cookie?.value.length, expires: undefined },
      { name: "__Host-candor", value: 43, domain: host, path: "/", expires: undefined, httpOnly: true, secure: true, sameSite: "Lax" },
    );
    assert.equal(await owner.page.evaluate(() => document.cookie), "");
    await owner.leave();
  });
}

test("where a browser keeps no such cookie, the page says what to do", async () => {
  const owner = await Somebody.at(browser, server.origin);
  await owner.context.route("**/api/session", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    const answer = await route.fetch();
    const { "set-cookie": _, ...headers } = answer.headers();
    await owner.context.clearCookies();
    return route.fulfill({ response: answer, headers });
  });
  await owner.goTo("/sign-in");
  await owner.signIn(EMAIL, PASSWORD);
  await owner.page.getByRole("alert").waitFor();
  assert.match(await owner.page.getByRole("alert").innerText(), /cookie/);
  assert.match(await owner.page.getByRole("alert").innerText(), /https|localhost/);
  await owner.leave();
});

test("a one-time address signs another device in, once", async () => {
  const owner = await Somebody.signedIn(browser, server);
  await owner.goTo("/settings/security");
  await owner.press("Sign in on another device");
  const link = (await owner.page.locator("pre").innerText()).trim();
  const other = await Somebody.at(browser, server.origin);
  await other.page.goto(link);
  await other.arrives(`/${SITE}`);
  assert.doesNotMatch(other.page.url(), /#/);
  const third = await Somebody.at(browser, server.origin);
  await third.page.goto(link);
  await third.sees("This one-time address no longer works");
  await third.leave(410);
  await other.leave();
  await owner.leave();
});

test("a one-time address signs in, also where the question who is there was asked first and is not answered yet", async () => {
  const { url } = await Caller.owner(server).ask<{ url: string }>("POST", "/api/session/link");
  const other = await Somebody.at(browser, server.origin);
  let isAsked = false;
  await other.context.route("**/api/session", (route) => {
    const isFirst = !isAsked && route.request().method() === "GET";
    if (!isFirst) return route.fallback();
    isAsked = true;
  });
  await other.page.goto(url);
  await other.arrives(`/${SITE}`);
  assert.ok(isAsked);
  await other.leave();
});

test("a wrong password is refused without a word on what is wrong, then slowly, and the right one works after the wait", async () => {
  const stranger = await Somebody.at(browser, server.origin);
  await stranger.goTo("/sign-in");
  const alerts = new Set<string>();
  for (const email of ["nobody@example.com", EMAIL]) {
    const answered = stranger.page.waitForResponse("**/api/session");
    await stranger.signIn(email, "not the password");
    await (await answered).finished();
    await stranger.page.getByRole("alert").waitFor();
    alerts.add(await stranger.page.getByRole("alert").innerText());
    await until("the wrong password to be gone", async () => (await stranger.field("Password").inputValue()) === "");
  }
  assert.deepEqual([...alerts], ["The e-mail address or the password is wrong."]);
  const waits = stranger.page.getByText(/You can try again in \d+ (s|min)/);
  for (let attempts = 0; !(await waits.isVisible()); attempts += 1) {
    assert.ok(attempts < 20, "the server slows down");
    const answered = stranger.page.waitForResponse("**/api/session");
    await stranger.signIn(EMAIL, "not the password");
    await (await answered).finished();
    await stranger.button("Sign in").or(waits).first().waitFor();
  }
  assert.ok(await stranger.button("Sign in").isDisabled());
  await until("the wait to be over", () => stranger.button("Sign in").isEnabled().catch(() => false), 60_000);
  await stranger.signIn(EMAIL, PASSWORD);
  await stranger.arrives(`/${SITE}`);
  await stranger.leave(429);
});

test("the server's log complains of nothing", () => {
  assert.deepEqual(server.complaints, []);
});
