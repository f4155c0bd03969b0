/** Chromium as people have it: one that does not say that it is driven, for a driven one is not recorded. */

import { chromium } from "playwright-core";

const AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36";
const FLAGS = [
  "--no-sandbox",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--disable-blink-features=AutomationControlled",
  // Also for what is sent while a page goes, which an agent that only its page is given is not.
  `--user-agent=${AGENT}`,
];

export const openBrowser = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM_BIN ?? "/usr/bin/chromium", args: FLAGS });

/** A page of somebody new. */
export async function openPage(browser) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  return context.newPage();
}
