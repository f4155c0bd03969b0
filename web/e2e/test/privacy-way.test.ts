// Who is led to a site's privacy centre: those who answer to its visitors, and nobody else.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { join } from "../src/caller";
import { openBrowser } from "../src/dashboard";
import { Server } from "../src/server";
import { Somebody } from "../src/somebody";

const SITE = "shop.example";
const PASSWORD = "a staple for a horse of mine";

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

/** Whether the menu and the palette lead there. */
async function isLedThere(somebody: Somebody): Promise<[boolean, boolean]> {
  const leads = async () => {
    await somebody.page.getByRole("menuitem", { name: "Refused and set aside" }).waitFor();
    const ways = await somebody.page.getByRole("menuitem", { name: "Privacy" }).count();
    await somebody.page.keyboard.press("Escape");
    await somebody.page.getByRole("menuitem").first().waitFor({ state: "detached" });
    return ways === 1;
  };
  await somebody.goTo(`/${SITE}/settings`);
  await somebody.seesHeading("Snippet");
  await somebody.press("Menu");
  const byMenu = await leads();
  await somebody.page.keyboard.press("ControlOrMeta+k");
  return [byMenu, await leads()];
}

test("an admin is led to the privacy centre", async () => {
  const { signIn } = await join(server, { email: "ben@example.com", role: "admin" }, PASSWORD);
  const ben = await Somebody.signedIn(browser, server, signIn);
  assert.deepEqual(await isLedThere(ben), [true, true]);
  await ben.page.keyboard.press("g");
  await ben.page.keyboard.press("p");
  await ben.arrives(`/${SITE}/privacy`);
  await ben.sees("Nobody has asked anything.");
  await ben.leave();
});

test("a viewer is not, and is told why when they come by themselves", async () => {
  const { signIn } = await join(server, { email: "vera@example.com", role: "organization_viewer" }, PASSWORD);
  const vera = await Somebody.signedIn(browser, server, signIn);
  assert.deepEqual(await isLedThere(vera), [false, false]);
  await vera.page.keyboard.press("g");
  await vera.page.keyboard.press("p");
  await vera.page.keyboard.press("g");
  await vera.page.keyboard.press("r");
  await vera.arrives(`/${SITE}/refused`);
  await vera.goTo(`/${SITE}/privacy`);
  await vera.sees("You do not answer for this site");
  await vera.leave();
});
