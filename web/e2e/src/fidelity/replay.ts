/** What a recording shows at a moment: the server's own replay frame, as large as the window was, fed with what the server kept. */

import type { Browser, Page } from "playwright-core";
import { Caller } from "../caller";
import { harnessPage, Player } from "../replay-frame";
import type { Server } from "../server";
import { until } from "../waiting";
import { WINDOW } from "./visit";

/** Until the worker has taken the last chunk in. */
const PATIENCE_MS = 30_000;

/**
 * The frame draws by itself, in a process of its own: what it shows when a turn is answered is seen two of its frames later, and what
 * a driver does to it for a picture may not be in the picture. So animations are led to their ends here.
 */
const DRAWN = `new Promise((drawn) => {
  for (const each of document.querySelector(".scene:not(.waiting) iframe").contentDocument.getAnimations())
    if (each.effect.getComputedTiming().endTime !== Infinity) each.finish();
  requestAnimationFrame(() => requestAnimationFrame(() => drawn()));
})`;
const NO_POINTER = ".replayer-mouse { display: none }";

interface Index {
  pages: { from: number; to: number }[];
  scenes: { from: number; to: number; playable: boolean }[];
}
interface Scene {
  id: string;
  from: number;
}

export class Replay {
  private constructor(
    private readonly owner: Caller,
    private readonly site: string,
    private readonly page: Page,
    private readonly player: Player,
  ) {}

  static async open(browser: Browser, server: Server, site: string): Promise<Replay> {
    const context = await browser.newContext({ viewport: WINDOW, reducedMotion: "reduce" });
    const page = await context.newPage();
    const around = `${server.origin}/around-the-frame`;
    const door = `http://127.0.0.1:${Number(new URL(server.origin).port) + 3}`;
    await page.route(around, (route) => route.fulfill({ contentType: "text/html", body: harnessPage(door, WINDOW) }));
    const player = new Player(page);
    await page.goto(around);
    await page.waitForFunction("window.harness !== undefined");
    await player.inside.addStyleTag({ content: NO_POINTER });
    return new Replay(Caller.owner(server), site, page, player);
  }

  get complaints(): readonly string[] {
    return this.player.alarms;
  }

  /** The picture of each of these moments, all of them later than `since`. */
  async show(since: number, moments: readonly number[]): Promise<Buffer[]> {
    const scenes = await until("what was recorded to be taken in", () => this.scenes(since, Math.max(...moments)), PATIENCE_MS);
    const images: Buffer[] = [];
    for (const at of moments) {
      const scene = scenes.filter(({ from }) => from <= at).at(-1);
      if (!scene) throw new Error(`Nothing was recorded by ${at}, only from ${scenes.map(({ from }) => from).join()}`);
      const answer = await this.owner.tryAsk("GET", `${this.path}/${scene.id}/events?from=${scene.from}`);
      if ((await this.player.show(await answer.text(), at)) === "failed") throw new Error("It cannot be shown.");
      await this.player.inside.evaluate(DRAWN);
      images.push(await this.page.screenshot({ animations: "disabled" }));
    }
    return images;
  }

  close(): Promise<void> {
    return this.player.close();
  }

  private get path(): string {
    return `/api/sites/${this.site}/recordings`;
  }

  /** Those of every recording that began since, once one of them lasts until then. */
  private async scenes(since: number, end: number): Promise<Scene[] | undefined> {
    const { recordings } = await this.owner.ask<{ recordings: { id: string; started_at: string }[] }>("GET", this.path);
    const scenes: Scene[] = [];
    let last = 0;
    for (const { id, started_at } of recordings) {
      if (Date.parse(started_at) < since - 1000) continue;
      const index = await this.owner.ask<Index>("GET", `${this.path}/${id}`);
      last = Math.max(last, ...index.pages.map(({ to }) => to));
      scenes.push(...index.scenes.filter(({ playable }) => playable).map(({ from }) => ({ id, from })));
    }
    return last >= end ? scenes.sort((a, b) => a.from - b.from) : undefined;
  }
}
