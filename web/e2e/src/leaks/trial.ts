/** A run of the vectors, each with a secret of its own, against a site whose chunks real servers keep. */

import type { Browser, BrowserContext, Page } from "playwright-core";
import { Hands } from "./hands";
import { Keeping } from "./keeping";
import { openPersonal, record } from "./record";
import { type Find, find, Haystack, makeCanary } from "./search";
import { Site } from "./site";
import { LISTED, type Vector } from "./vectors";
import { OWN } from "./vectors-own";

export const ALL: readonly Vector[] = [...LISTED, ...OWN];

/** What is found of which vector's secret. */
export interface Found {
  readonly id: string;
  readonly find: Find;
}

export class Trial {
  private readonly secrets = new Map<Vector, string>();

  private constructor(
    readonly site: Site,
    /** A server as it is shipped, but for its log, which tells everything. */
    readonly gated: Keeping,
    /** The same without the gate. */
    readonly gateless: Keeping,
    private readonly browser: Browser,
    private readonly context: BrowserContext,
    private readonly clippings: Page,
  ) {}

  /** `isHeard`: whether the recorder hears what the server with the gate says; else it goes on whatever that is. */
  static async begin(script: Buffer, text: "clear" | "starred", isHeard: boolean): Promise<Trial> {
    const [gated, gateless] = [await Keeping.start(text), await Keeping.start(text, "gate")];
    const site = await Site.open(script, { keepings: [gated, gateless], isHeard });
    const browser = await openPersonal();
    const context = await browser.newContext();
    return new Trial(site, gated, gateless, browser, context, await context.newPage());
  }

  async end(): Promise<void> {
    await this.browser.close();
    this.site.close();
    await this.gated.stop();
    await this.gateless.stop();
  }

  /** Has a page of the vector recorded; what is found of its secret in all that the recorder sent, and in the spools. */
  async of(vector: Vector): Promise<Find[]> {
    const secret = makeCanary();
    this.secrets.set(vector, secret);
    const page = await this.context.newPage();
    try {
      await record(this.site, page, vector, secret, await Hands.of(page, this.clippings));
      return find([...this.site.hays, ...this.gated.spooled(), ...this.gateless.spooled()], secret);
    } finally {
      await page.close();
    }
  }

  /** What of all secrets is found in what a server holds, beginnings as well: many secrets begin alike. */
  async foundIn(keeping: Keeping): Promise<Found[]> {
    return this.look(keeping, (hays, secret) => hays.find(secret));
  }

  /** The vectors whose whole secrets are found there. */
  async leakedInto(keeping: Keeping): Promise<Set<string>> {
    const found = await this.look(keeping, (hays, secret) => hays.findWhole(secret));
    return new Set(found.map(({ id }) => id));
  }

  private async look(keeping: Keeping, find: (hays: Haystack, secret: string) => Find[]): Promise<Found[]> {
    const hays = new Haystack(await keeping.hays());
    return [...this.secrets].flatMap(([{ id }, secret]) => find(hays, secret).map((one) => ({ id, find: one })));
  }
}
