/**
 * A visitor's browser: a real Chromium in which nothing is emulated. Tabs hide one another, focus comes and goes and
 * pages return from the page cache as they do for people, so playwright's own defaults are switched off.
 */

import type { ChildProcess } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { spawnChild } from "./children";
import { Missing } from "./missing";

/** A browser as people have it: without the word that says nobody looks at it. */
export const AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/** What every Chromium of these tests is started with: no sandbox (tests may run as root), nothing sent home. */
export const FLAGS = [
  "--no-sandbox",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

export function provideBrowser(): string {
  const path = process.env.CHROMIUM_BIN ?? "/usr/bin/chromium";
  try {
    accessSync(path, constants.X_OK);
  } catch (error) {
    throw new Missing(`Chromium at ${path}`, "apt-get install chromium", error);
  }
  return path;
}

export interface Habits {
  /** Port at which every name of the internet is answered. */
  port: number;
  /** Preferences of the profile, as Chromium writes them. */
  preferences?: object;
  /** Whether the browser admits to being driven. */
  driven?: boolean;
}

export class Visitor {
  private constructor(
    private readonly child: ChildProcess,
    private readonly profile: string,
    private readonly browser: Browser,
    readonly context: BrowserContext,
    /** The first tab, in front and focused. */
    readonly page: Page,
  ) {}

  static async open({ port, preferences, driven = false }: Habits): Promise<Visitor> {
    const profile = mkdtempSync(join(tmpdir(), "candor-visitor-"));
    if (preferences) {
      mkdirSync(join(profile, "Default"));
      writeFileSync(join(profile, "Default/Preferences"), JSON.stringify(preferences));
    }
    const flags = [...personalFlags(profile, port), "--remote-debugging-port=0"];
    if (!driven) flags.push("--disable-blink-features=AutomationControlled");
    const child = spawnChild(provideBrowser(), [...flags, "about:blank"], ["ignore", "ignore", "pipe"]);
    const browser = await chromium.connectOverCDP(await readEndpoint(child), { noDefaults: true });
    const [context] = browser.contexts();
    const [page] = context!.pages();
    await page!.bringToFront();
    return new Visitor(child, profile, browser, context!, page!);
  }

  /** Opens a link of the page in a new tab behind it, as a click with the control key does. */
  async openBehind(page: Page, selector: string): Promise<Page> {
    const opened = this.context.waitForEvent("page");
    await page.locator(selector).first().click({ modifiers: ["ControlOrMeta"] });
    const tab = await opened;
    await tab.waitForLoadState();
    return tab;
  }

  /** Leaves all pages as a person does, so that they can say goodbye, then ends the browser. */
  async close(): Promise<void> {
    for (const page of this.context.pages()) await page.goto("http://goodbye.example/").catch(() => undefined);
    const ended = new Promise((end) => this.child.once("exit", end));
    const session = await this.browser.newBrowserCDPSession();
    await session.send("Browser.close").catch(() => undefined);
    await ended;
    await forget(this.profile);
  }
}

/** A browser that opens one page by itself and that nobody drives: with a driver attached Chromium prerenders nothing. */
export async function openAlone(port: number, url: string, look: () => Promise<void>): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), "candor-visitor-"));
  const flags = personalFlags(profile, port);
  const child = spawnChild(provideBrowser(), [...flags, "--disable-blink-features=AutomationControlled", url], "ignore");
  const ended = new Promise((end) => child.once("exit", end));
  try {
    await look();
  } finally {
    child.kill();
    await ended;
    await forget(profile);
  }
}

/** The last of Chromium's processes may still be writing when the first has ended. */
function forget(profile: string): Promise<void> {
  return rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

function personalFlags(profile: string, port: number): string[] {
  return [
    ...FLAGS,
    "--headless=new",
    `--user-data-dir=${profile}`,
    `--user-agent=${AGENT}`,
    `--host-resolver-rules=MAP * 127.0.0.1:${port}`,
    "--window-size=1280,800",
  ];
}

/** Chromium prints where it can be driven from. */
function readEndpoint(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let printed = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const endpoint = /DevTools listening on (\S+)/.exec(printed)?.[1];
      if (endpoint) found(endpoint);
    });
    child.once("exit", (code) => failed(new Error(`Chromium ended with ${code}:\n${printed}`)));
  });
}
