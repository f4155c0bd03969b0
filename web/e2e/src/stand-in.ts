/** The UI on its stand-in server, whose recordings a test can add to: the player without a store of recordings behind it. */

import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Recorded } from "./recorded";

const APP = join(import.meta.dirname, "../../app");

interface Mock {
  recordings: { add: (id: string, recording: Recorded) => void };
  state: { recordingsFail?: number };
  listen: (port: number) => Promise<string>;
  close: () => Promise<unknown>;
}

export class StandIn {
  private constructor(
    private readonly mock: Mock,
    readonly origin: string,
  ) {}

  static async start(): Promise<StandIn> {
    const { createMock } = (await import(join(APP, "test/mock/server.mjs"))) as { createMock: (options: object) => Mock };
    const mock = createMock({ live: false, perDay: 5, days: 5 });
    return new StandIn(mock, await mock.listen(0));
  }

  add(id: string, recording: Recorded): void {
    this.mock.recordings.add(id, recording);
  }

  stop(): Promise<unknown> {
    return this.mock.close();
  }
}

/** The player on a screen, as somebody who watches uses it. */
export class Watching {
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && this.complaints.push(message.text()));
    page.on("pageerror", (error) => this.complaints.push(String(error)));
  }

  static async open(browser: Browser, url: string): Promise<Watching> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] });
    return Watching.over(context, url);
  }

  /** In a context that is somebody's already. */
  static async over(context: BrowserContext, url: string): Promise<Watching> {
    const watching = new Watching(await context.newPage());
    await watching.page.goto(url);
    return watching;
  }

  /** Waits until the moment that was asked for is to be seen. */
  async shown(): Promise<void> {
    await this.page.locator("[data-scene=shown]").waitFor();
  }

  /** What is to be read in the rebuilt page. */
  get recorded() {
    return this.page.frameLocator('iframe[title^="The recorded page"]').frameLocator(".scene:not(.waiting) iframe").locator(":root");
  }

  /** Milliseconds from the beginning, as the slider has them. */
  async at(): Promise<number> {
    return Number(await this.page.getByRole("slider").inputValue());
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
