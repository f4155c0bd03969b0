/**
 * A Firefox as a visitor has it, driven by the protocol that browsers share (WebDriver BiDi), with the few words that the
 * adversarial site is driven by. Keys, the pointer and the clipboard are trusted there too; what the protocol has no word for
 * is said by `cannot`.
 */

import { accessSync, constants, mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page as DrivenPage } from "playwright-core";
import puppeteer, { type Browser, type ElementHandle, type Frame, type KeyInput, type Page } from "puppeteer-core";
import type { Hands } from "./hands";

const PATH = process.env.FIREFOX_BIN ?? "/usr/bin/firefox-esr";
const PREFERENCES = {
  // Reading the clipboard asks the visitor by a button; in this profile the answer is given.
  "dom.events.testing.asyncClipboard": true,
  "app.update.auto": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "network.captive-portal-service.enabled": false,
  "services.settings.server": "data:,",
};

/** Vectors that need a hand which the protocol does not have. */
export const cannot: ReadonlyMap<string, string> = new Map([
  ["M02", "WebDriver BiDi composes nothing"],
  ["M04", "WebDriver BiDi drags nothing in from another window"],
]);

export function hasFirefox(): boolean {
  try {
    accessSync(PATH, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const openFirefox = (): Promise<Browser> =>
  puppeteer.launch({ browser: "firefox", executablePath: PATH, headless: true, extraPrefsFirefox: PREFERENCES });

export class Fox {
  private constructor(
    private readonly inner: Page,
    private readonly files: string,
  ) {}

  static async open(browser: Browser): Promise<Fox> {
    const page = await browser.newPage();
    await page.setViewport({ width: 1_280, height: 720 });
    // A driven browser is not recorded.
    await page.evaluateOnNewDocument(`Object.defineProperty(Navigator.prototype, "webdriver", { get: () => false })`);
    return new Fox(page, mkdtempSync(join(tmpdir(), "candor-firefox-")));
  }

  async close(): Promise<void> {
    await this.inner.close();
    await rm(this.files, { recursive: true, force: true });
  }

  /** The page in the words of the other driver, as far as the vectors use them. */
  get asPage(): DrivenPage {
    return this as unknown as DrivenPage;
  }

  get keyboard() {
    return {
      type: (text: string, options: { delay?: number }) => this.inner.keyboard.type(text, options),
      press: (keys: string) => this.press(keys.replace("ControlOrMeta", "Control").split("+")),
    };
  }

  get mouse() {
    return this.inner.mouse;
  }

  addInitScript = ({ content }: { content: string }) => this.inner.evaluateOnNewDocument(content);
  bringToFront = () => this.inner.bringToFront();
  goto = (address: string) => this.inner.goto(address);
  evaluate = (program: string) => this.inner.evaluate(program);
  setContent = (html: string) => this.inner.setContent(html);
  context = () => ({ grantPermissions: async () => undefined });
  once = (name: "dialog", hear: (dialog: { accept(text: string): Promise<void> }) => void) => this.inner.once(name, hear);
  locator = (selector: string) => this.locate(this.inner, selector, 0);
  frameLocator = (frame: string) => ({
    locator: (selector: string) => ({
      click: async () => {
        const inside = await (await this.find(this.inner, frame, 0)).contentFrame();
        await (await this.find(inside!, selector, 0)).click();
      },
    }),
  });

  private locate(where: Page | Frame, selector: string, at: number) {
    const element = () => this.find(where, selector, at);
    return {
      first: () => this.locate(where, selector, 0),
      nth: (one: number) => this.locate(where, selector, one),
      click: async () => (await element()).click(),
      boundingBox: async () => (await element()).boundingBox(),
      setInputFiles: async ({ name, buffer }: { name: string; buffer: Buffer }) => {
        const path = join(this.files, name);
        writeFileSync(path, buffer);
        await ((await element()) as ElementHandle<HTMLInputElement>).uploadFile(path);
      },
    };
  }

  /** Also in open shadow trees. */
  private async find(where: Page | Frame, selector: string, at: number): Promise<ElementHandle> {
    const found = (await where.$$(selector))[at] ?? (await where.$$(`>>> ${selector}`))[at];
    if (!found) throw new Error(`there is no ${selector}`);
    return found;
  }

  private async press(keys: string[]): Promise<void> {
    const [last, ...held] = keys.reverse() as [KeyInput, ...KeyInput[]];
    for (const key of held.reverse()) await this.inner.keyboard.down(key);
    await this.inner.keyboard.press(last.length === 1 && !held.includes("Shift") ? (last.toLowerCase() as KeyInput) : last);
    for (const key of held.reverse()) await this.inner.keyboard.up(key);
  }
}

/** What hands do in Firefox. */
export function handsOf(fox: Fox, clippings: Fox): Hands {
  const { keyboard } = fox;
  const click = (selector: string) => fox.locator(selector).click();
  const keys = (text: string) => keyboard.type(text, { delay: 12 });
  // What the program gives back is the page's: the driver would read it, and fail at what it patched.
  const run = async (program: string) => void (await fox.evaluate(`(async () => { await (0, eval)(${JSON.stringify(program)}) })()`));
  const hands = {
    page: fox,
    click,
    keys,
    run,
    type: async (selector: string, text: string) => {
      await click(selector);
      await keys(text);
    },
    clear: async (selector: string) => {
      await click(selector);
      await keyboard.press("Control+A");
      await keyboard.press("Delete");
    },
    undo: () => keyboard.press("Control+Z"),
    paste: async (selector: string, text: string) => {
      await clippings.bringToFront();
      await clippings.setContent(`<textarea>${text}</textarea>`);
      await clippings.locator("textarea").click();
      await clippings.keyboard.press("Control+A");
      await clippings.keyboard.press("Control+C");
      await fox.bringToFront();
      await click(selector);
      await keyboard.press("Control+V");
    },
    insert: async (selector: string, text: string) => {
      await click(selector);
      await run(`document.execCommand("insertText", false, ${JSON.stringify(text)})`);
    },
    rest: () => run("new Promise((passed) => setTimeout(passed, 1700))"),
  };
  return hands as unknown as Hands;
}
