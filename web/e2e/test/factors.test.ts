// Second factors in a browser: an authenticator app, whose codes oathtool makes, and recovery codes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { join } from "../src/caller";
import { Authenticator } from "../src/codes";
import { openBrowser } from "../src/dashboard";
import { SecurityKey } from "../src/passkeys";
import { Server } from "../src/server";
import { Somebody } from "../src/somebody";

const SITE = "shop.example";
const TINA = "tina@example.com";
const PASSWORD = "a staple for a horse of mine";

let server: Server;
let browser: Browser;
let app: Authenticator;
let codes: string[];
before(async () => {
  server = await Server.start([SITE]);
  browser = await openBrowser();
  await join(server, { email: TINA, role: "admin", name: "Tina" }, PASSWORD);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function begin(): Promise<Somebody> {
  const tina = await Somebody.at(browser, server.origin);
  await tina.goTo("/sign-in");
  await tina.signIn(TINA, PASSWORD);
  return tina;
}

test("an authenticator app is set up by the secret of the page; a wrong code is said to be wrong; the codes to keep come with it", async () => {
  const tina = await begin();
  await tina.arrives(`/${SITE}`);
  await tina.goTo("/settings/security");
  await tina.press("Set up");
  await tina.page.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
  const secret = (await tina.page.locator("[role=dialog] dl dd").first().innerText()).replaceAll(/\s/g, "");
  app = new Authenticator(secret);
  await tina.field("Code that the app shows").fill("000000");
  await tina.press("Turn on");
  await tina.page.getByRole("alert").or(tina.page.getByText(/wrong|clock/)).first().waitFor();
  await tina.field("Code that the app shows").fill(await app.code());
  await tina.press("Turn on");
  const list = tina.page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await list.first().waitFor();
  codes = await list.allTextContents();
  assert.equal(codes.length, 10);
  await tina.page.getByText("I have kept them").click();
  await tina.press("Done");
  await tina.sees("10 codes are left.");
  await tina.button("Turn off").waitFor();
  await tina.leave();
});

test("signing in then wants a code, and one that was used is good no more", async () => {
  const tina = await begin();
  await tina.seesHeading("One more proof");
  assert.equal((await tina.answer("/api/session")).status, 401);
  const code = await app.code();
  await tina.field("Code from your authenticator app").fill(code);
  await tina.arrives(`/${SITE}`);
  const other = await begin();
  await other.seesHeading("One more proof");
  await other.field("Code from your authenticator app").fill(code);
  await other.page.getByRole("alert").waitFor();
  await other.leave();
  await tina.leave();
});

test("a recovery code stands in for the app, once, and the page says how many are left", async () => {
  const [code = ""] = codes;
  const tina = await begin();
  await tina.press("Use a recovery code");
  await tina.field("Recovery code").fill(code);
  await tina.press("Go on");
  await tina.arrives(`/${SITE}`);
  await tina.goTo("/settings/security");
  await tina.sees("9 codes are left.");
  const other = await begin();
  await other.press("Use a recovery code");
  await other.field("Recovery code").fill(code);
  await other.press("Go on");
  await other.page.getByRole("alert").waitFor();
  await other.leave();
  await tina.leave();
});

test("an organization that requires a second factor is closed to who signed in without, who is told what to do", async () => {
  const held = await join(server, { email: "uwe@example.com", role: "admin", name: "Uwe" }, PASSWORD);
  const owner = await Somebody.signedIn(browser, server);
  const require = owner.page.getByRole("switch", { name: "Require a second factor" });
  await SecurityKey.plugInto(owner.page);
  await owner.goTo("/settings/organization");
  await owner.sees("You are one of them: set yours up first.");
  await require.click({ force: true });
  await owner.sees("Sign in with a second factor yourself before you require one of others.");
  await owner.goTo("/settings/security");
  await owner.press("Add a passkey");
  await owner.dialog("Add a passkey").getByLabel("Name", { exact: true }).fill("Key on the ring");
  await owner.press("Make it");
  await owner.button("Remove Key on the ring").waitFor();
  await owner.signOut();
  // The browser may offer it by itself, before anything is pressed.
  await owner.button("Sign in with a passkey").click({ timeout: 3_000 }).catch(() => undefined);
  await owner.arrives(`/${SITE}`);
  await owner.goTo("/settings/organization");
  await owner.page.getByRole("listitem").filter({ hasText: "Uwe" }).waitFor();
  await require.click({ force: true });
  await owner.sees("Every sign-in now needs a second factor.");
  const uwe = await Somebody.signedIn(browser, server, held.signIn);
  await uwe.goTo("/");
  await uwe.sees("A second factor is wanted");
  await uwe.goTo("/settings/people");
  await uwe.sees(/requires a second factor, and you signed in without one/);
  await uwe.leave(403);
  await owner.leave(403);
});

test("the server's log complains of nothing", () => {
  assert.deepEqual(server.complaints, []);
});
