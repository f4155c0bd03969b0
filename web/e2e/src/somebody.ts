/** Somebody at a browser of their own: what they type, press and read, and what their pages did that they should not. */

import assert from "node:assert/strict";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { type Look, signIn } from "./dashboard";
import { Watch } from "./harm";
import { COOKIE } from "./owner";
import type { Server } from "./server";

/** As long as anybody waits for a page. */
const PATIENCE_MS = 10_000;
/** What a console says of an answer that is one of these. */
const says = (statuses: number[]) => new RegExp(`status of (${statuses.join("|")}) `);

export class Somebody {
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly watch: Watch,
    private readonly origin: string,
  ) {}

  /** Somebody nobody knows yet. */
  static async at(browser: Browser, origin: string, { width = 1280, height = 900, scheme = "light" }: Look = {}): Promise<Somebody> {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, timezoneId: "UTC" });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    return new Somebody(context, page, await Watch.over(page, origin), origin);
  }

  /** The owner, or whoever holds this sign-in. */
  static async signedIn(browser: Browser, server: Server, held = server.owner.signIn, look?: Look): Promise<Somebody> {
    const somebody = await Somebody.at(browser, server.origin, look);
    await signIn(somebody.context, server.origin, held);
    return somebody;
  }

  goTo(path: string): Promise<unknown> {
    return this.page.goto(this.origin + path);
  }

  field(label: string | RegExp): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  dialog(title: string | RegExp): Locator {
    return this.page.getByRole("dialog", { name: title });
  }

  async fill(fields: Record<string, string>): Promise<void> {
    for (const [label, text] of Object.entries(fields)) await this.field(label).fill(text);
  }

  press(name: string | RegExp): Promise<void> {
    return this.button(name).click();
  }

  /** Waits until a heading, or any text, is there. */
  sees(text: string | RegExp): Promise<void> {
    return this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  seesHeading(name: string | RegExp): Promise<void> {
    return this.page.getByRole("heading", { name }).waitFor();
  }

  /** Waits until the path of the address is this. */
  arrives(path: string | RegExp): Promise<void> {
    return this.page.waitForURL((url) => (typeof path === "string" ? url.pathname === path : path.test(url.pathname)));
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.fill({ "E-mail": email, Password: password });
    await this.press("Sign in");
  }

  async signOut(): Promise<void> {
    await this.press(/account of/);
    await this.page.getByRole("menuitem", { name: "Sign out" }).click();
    await this.arrives("/sign-in");
  }

  /** What the page asks for by its own sign-in. */
  async answer(path: string): Promise<{ status: number; json: unknown }> {
    return this.page.evaluate(async (asked) => {
      const answer = await fetch(asked);
      return { status: answer.status, json: await answer.json().catch(() => undefined) };
    }, path);
  }

  async cookie() {
    return (await this.context.cookies()).find(({ name }) => name === COOKIE);
  }

  /** Goes, and fails if anything did what it should not. A console also tells of each answer that says no: those are `expected`. */
  async leave(...expected: number[]): Promise<void> {
    const { harm, complaints } = this.watch;
    const others = complaints.filter((line) => !says([401, ...expected]).test(line));
    await this.context.close();
    assert.deepEqual([harm, others], [[], []]);
  }
}
