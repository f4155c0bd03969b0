/** What a visitor's hands do, each as the browser believes it: keys, paste, composition, dropping, undoing. */

import type { CDPSession, Page } from "playwright-core";

export class Hands {
  private constructor(
    readonly page: Page,
    private readonly session: CDPSession,
    /** A tab of its own to copy from. */
    private readonly clippings: Page,
  ) {}

  static async of(page: Page, clippings: Page): Promise<Hands> {
    return new Hands(page, await page.context().newCDPSession(page), clippings);
  }

  /** Types with trusted keys, slowly enough for every one to be seen. */
  async type(selector: string, text: string): Promise<void> {
    await this.page.locator(selector).first().click();
    await this.keys(text);
  }

  async keys(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 12 });
  }

  async clear(selector: string): Promise<void> {
    await this.page.locator(selector).first().click();
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.press("Delete");
  }

  async undo(): Promise<void> {
    await this.page.keyboard.press("ControlOrMeta+Z");
  }

  /** Copies a text elsewhere and pastes it here. */
  async paste(selector: string, text: string): Promise<void> {
    await this.clippings.bringToFront();
    await this.clippings.setContent("<textarea></textarea>");
    await this.clippings.locator("textarea").fill(text);
    await this.clippings.locator("textarea").click();
    await this.clippings.keyboard.press("ControlOrMeta+A");
    await this.clippings.keyboard.press("ControlOrMeta+C");
    await this.page.bringToFront();
    await this.page.locator(selector).first().click();
    await this.page.keyboard.press("ControlOrMeta+V");
  }

  /** Composes a text as an input method does, then decides for it. */
  async compose(selector: string, text: string): Promise<void> {
    await this.page.locator(selector).first().click();
    for (let length = 1; length <= text.length; length += 1) {
      const composed = text.slice(0, length);
      await this.session.send("Input.imeSetComposition", { text: composed, selectionStart: length, selectionEnd: length });
    }
    await this.session.send("Input.insertText", { text });
  }

  /** A text that comes in one piece without keys: dictation, a phone's suggestions, a password manager. */
  async insert(selector: string, text: string): Promise<void> {
    await this.page.locator(selector).first().click();
    await this.session.send("Input.insertText", { text });
  }

  /** Drops a text that was dragged from another window. */
  async drop(selector: string, text: string): Promise<void> {
    const box = (await this.page.locator(selector).first().boundingBox())!;
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const data = { items: [{ mimeType: "text/plain", data: text }], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const) await this.session.send("Input.dispatchDragEvent", { type, ...at, data });
  }

  click(selector: string): Promise<void> {
    return this.page.locator(selector).first().click();
  }

  /** What the page's own program does. */
  async run(program: string): Promise<void> {
    await this.page.evaluate(program);
  }

  /** Lets the answers of the page to what was entered be over: what comes now is no echo any more. */
  async rest(): Promise<void> {
    await this.page.evaluate("new Promise((passed) => setTimeout(passed, 1700))");
  }
}
