/**
 * The tab's recording: its id, whether it is made, since when and until when. It goes on over the pages of a visit, and
 * for that it is written to the tab's storage, where the visitor may be known at all; elsewhere it lives for the page.
 * Nothing else of a recording is ever written to the browser.
 */

import { randomId } from "./ids";

const KEY = "candor_recording";
/** After so long without anything it is another visit. */
export const GAP_MS = 30 * 60_000;
const ID_BYTES = 16;

export class Tab {
  private constructor(
    readonly id: string,
    /** Whether the draw fell on it; one draw counts for all of its pages. */
    readonly isDrawn: boolean,
    readonly since: number,
    private last: number,
  ) {}

  static open(sample: number, now: number, mayStore: boolean): Tab {
    const known = mayStore ? Tab.recall(now) : undefined;
    const tab = known ?? new Tab(randomId(ID_BYTES), draw(sample), now, now);
    tab.touch(now, mayStore);
    return tab;
  }

  /** Something happened: the recording goes on from here. */
  touch(now: number, mayStore: boolean): void {
    this.last = now;
    try {
      if (mayStore) sessionStorage[KEY] = JSON.stringify([this.id, this.isDrawn, this.since, now]);
      else sessionStorage.removeItem(KEY);
    } catch {
      // A browser that keeps nothing: the recording ends with the page.
    }
  }

  isOver(now: number): boolean {
    return now - this.last >= GAP_MS;
  }

  private static recall(now: number): Tab | undefined {
    try {
      const [id, isDrawn, since, last] = JSON.parse(sessionStorage[KEY]);
      const isTold = /^[\w-]{22}$/.test(id) && typeof isDrawn === "boolean" && since <= last && last <= now;
      return isTold && now - last < GAP_MS ? new Tab(id, isDrawn, since, last) : undefined;
    } catch {
      return undefined;
    }
  }
}

function draw(sample: number): boolean {
  return (crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32) * 100 < sample;
}
