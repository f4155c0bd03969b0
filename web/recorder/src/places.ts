/**
 * Where in which element something happened, as heatmaps count it (`docs/heatmaps.md`): a number made of where the element
 * stands among what was told, and thousandths of its width and height. Nothing of an element goes into it but where it
 * stands, and no size that what was entered may have changed.
 */

import type { Echo } from "./echo";
import type { Box, Page } from "./page";
import { type Entry, Flag, type Tree } from "./tree";

export interface Place {
  readonly el: number;
  readonly ex: number;
  readonly ey: number;
}

/** The number of `html`, whose address is empty. */
export const ROOT = 2_166_136_261;
const PRIME = 16_777_619;
const WHOLE = 1_000;

/** The number once more of the address was read (FNV-1a). Tags are plain, so that each sign of it is one byte. */
export function readOn(number: number, address: string): number {
  let read = number;
  for (let at = 0; at < address.length; at += 1) read = Math.imul(read ^ address.charCodeAt(at), PRIME) >>> 0;
  return read;
}

/** The places of one event: each of its elements is looked at once, however many positions are in it. */
export class Places {
  private readonly numbers = new Map<number, number>();
  private readonly boxes = new Map<number, Box | undefined>();

  constructor(
    private readonly page: Page,
    private readonly tree: Tree,
    private readonly echo: Echo,
    private readonly now: number,
  ) {}

  /** A point of the window; nothing where it is not in the element any more, or its size would tell of an entry. */
  at(id: number, x: unknown, y: unknown): Place | undefined {
    const entry = this.tree.get(id);
    if (!entry || entry.flags & Flag.Text || entry.tag[0] === "#") return undefined;
    if (!this.boxes.has(id))
      this.boxes.set(id, !this.echo.isNow(this.now) && this.isSteady(entry) ? this.page.box(id) : undefined);
    const box = this.boxes.get(id);
    const ex = box && share(x as number, box.left, box.width);
    const ey = box && share(y as number, box.top, box.height);
    return ex === undefined || ey === undefined ? undefined : { el: this.number(entry), ex, ey };
  }

  /** Of a click just after an entry, when nobody knows yet what answers to it, the element is told. */
  click(id: number, x: unknown, y: unknown): Place | undefined {
    const entry = this.tree.get(id);
    return this.echo.isNow(this.now) && entry && this.isSteady(entry) ? this.middle(id) : this.at(id, x, y);
  }

  /** All of an element, of which no point is told. */
  middle(id: number): Place {
    return { el: this.number(this.tree.get(id)!), ex: WHOLE / 2, ey: WHOLE / 2 };
  }

  /** How tall the page is. */
  height(root: number): number | undefined {
    const entry = this.tree.get(root);
    const isTold = this.echo.isQuiet || (entry && !this.echo.isNow(this.now) && !this.holdsEntry(entry, false));
    return isTold ? this.page.height() : undefined;
  }

  private isSteady(entry: Entry): boolean {
    return this.echo.isQuiet || !this.holdsEntry(entry, true);
  }

  /** Whether what was entered may have a part in an element's size: what it is written into grows with it, and what answers to it. */
  private holdsEntry(entry: Entry, isNarrow: boolean): boolean {
    return this.tree.holds(
      entry,
      ({ id, tag, flags }) => flags & Flag.Sealed || (isNarrow && tag === "input") || this.echo.has(id),
    );
  }

  private number(entry: Entry): number {
    const known = this.numbers.get(entry.id);
    if (known !== undefined) return known;
    const parent = this.tree.get(entry.parent);
    const number = parent && parent.tag !== "#document" ? readOn(this.number(parent), this.step(entry, parent)) : ROOT;
    this.numbers.set(entry.id, number);
    return number;
  }

  private step({ id, tag, flags, parent }: Entry, { tag: above }: Entry): string {
    const isAlike = (other: number) => {
      const beside = this.tree.get(other);
      return beside?.tag === tag && beside.parent === parent;
    };
    const joint = flags & Flag.Shadow ? ">>" : above === "html" ? "" : ">";
    return `${joint}${tag}:${this.page.countBefore(id, isAlike) + 1}`;
  }
}

/** Thousandths of a length from where it begins; undefined outside. */
function share(at: number, from: number, length: number): number | undefined {
  const part = Math.round(((at - from) / (length || 1)) * WHOLE);
  return part >= 0 && part <= WHOLE ? part : undefined;
}
