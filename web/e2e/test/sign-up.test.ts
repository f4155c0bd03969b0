// A new server gets its owner in a browser, who is led from the setup address to the first event.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { openBrowser } from "../src/dashboard";
import { EMAIL, ORGANIZATION, PASSWORD } from "../src/owner";
import { Server } from "../src/server";
import { Somebody } from "../src/somebody";

const SITE = "first.example";

let server: Server;
let browser: Browser;
before(async () => {
  server = await Server.fresh();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("whoever opens a server without an owner is told where its setup token is", async () => {
  const visitor = await Somebody.at(browser, server.origin);
  await visitor.goTo("/");
  await visitor.sees("This server has no owner yet");
  await visitor.sees("DATA/setup-token");
  await visitor.leave();
});

test("a wrong setup token is refused in words", async () => {
  const visitor = await Somebody.at(browser, server.origin);
  await visitor.goTo(`/setup#${"x".repeat(43)}`);
  await visitor.fill({ "E-mail": EMAIL, Organization: ORGANIZATION, Password: PASSWORD });
  await visitor.press("Create the owner");
  await visitor.sees(/not this server.s setup token/);
  await visitor.leave(410);
});

test("by the setup address somebody becomes the owner, keeps the codes, adds a site and sees the first event arrive", async () => {
  const owner = await Somebody.at(browser, server.origin);
  await owner.goTo(`/setup#${server.setupToken}`);
  await owner.seesHeading("Become the owner");
  assert.equal(new URL(owner.page.url()).hash, "", "the token is in no history");
  await owner.fill({ "E-mail": EMAIL, "Your name": "Ada", Organization: ORGANIZATION, Password: "password" });
  await owner.press("Create the owner");
  await owner.page.getByRole("alert").or(owner.page.getByText(/common|guess/i)).first().waitFor();
  await owner.fill({ Password: PASSWORD });
  await owner.press("Create the owner");
  await owner.seesHeading("Keep your recovery codes");
  const codes = await owner.page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").allTextContents();
  assert.equal(new Set(codes).size, 10);
  assert.ok(await owner.button("Add the first site").isDisabled());
  await owner.page.getByText("I have kept them").click();
  await owner.press("Add the first site");
  await owner.seesHeading("Add your first site");
  await owner.field(/^Domain/).fill(SITE);
  await owner.press("Add the site");
  await owner.arrives(`/${SITE}`);
  await owner.sees("Waiting for the first event");
  await owner.sees(/data-site="first\.example"/);
  const sent = await server.send({ n: "pageview", d: SITE, u: `https://${SITE}/welcome` }, { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "accept-language": "en" });
  assert.equal(sent.status, 202);
  await owner.sees("The first event has arrived");
  await owner.press("Open the dashboard");
  await owner.sees("/welcome");
  await owner.leave(400);
});

test("the setup works once, and says so", async () => {
  assert.throws(() => server.setupToken, /ENOENT/);
  const visitor = await Somebody.at(browser, server.origin);
  await visitor.goTo(`/setup#${"x".repeat(43)}`);
  await visitor.seesHeading("This server is set up already");
  await visitor.leave();
});

test("the server's log complains of nothing and holds no secret", () => {
  assert.deepEqual(server.complaints, []);
  assert.deepEqual(server.log.filter((line) => line.includes(PASSWORD)), []);
});
