/** Records each page as its visitor's browser shows it, replays it as its site's owner sees it, and compares the two. */

import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { Caller } from "../caller";
import { openPersonal } from "../leaks/record";
import { Server } from "../server";
import { compare, type Difference } from "./compare";
import type { Served } from "./folder";
import { Replay } from "./replay";
import { type Moment, visit } from "./visit";

const SITE = "shop.example";
/** A browser lets pages that a driver has looked through ask nothing of this machine; here everything is on it. */
const ALL_LOCAL = "--disable-features=LocalNetworkAccessChecks";

export interface Subject {
  name: string;
  open: () => Promise<Served>;
  /** Where a visit begins. */
  path: string;
  moments: readonly Moment[];
}

export class Measure {
  /** Where pictures of page, replay and difference are put. */
  readonly folder = process.env.CANDOR_PICTURES ?? join(tmpdir(), "candor-fidelity");

  private constructor(
    private readonly server: Server,
    private readonly visitors: Browser,
    private readonly watchers: Browser,
    private readonly replay: Replay,
  ) {}

  static async start(): Promise<Measure> {
    const server = await Server.start([SITE]);
    await Caller.owner(server).ask("PATCH", `/api/sites/${SITE}`, { recording: { on: true, text: "clear" } });
    const watchers = await openPersonal(ALL_LOCAL);
    return new Measure(server, await openPersonal(ALL_LOCAL), watchers, await Replay.open(watchers, server, SITE));
  }

  async of({ name, open, path, moments }: Subject): Promise<Difference[]> {
    const served = await open();
    try {
      const snippet = `<script defer src="${this.server.origin}/c.js" data-site="${SITE}" data-recording></script>`;
      const since = Date.now();
      const pictures = await visit(this.visitors, served.origin + path, snippet, moments);
      const images = await this.replay.show(since, pictures.map(({ at }) => at));
      return pictures.map(({ moment, image, rectangles }, place) =>
        compare({ page: name, moment, original: image, replayed: images[place]!, rectangles }, this.folder),
      );
    } finally {
      await served.close();
    }
  }

  get complaints(): string[] {
    return [...this.replay.complaints, ...this.server.complaints];
  }

  async stop(): Promise<void> {
    await this.visitors.close();
    await this.watchers.close();
    await this.server.stop();
  }
}
