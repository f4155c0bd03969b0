/**
 * What strings may leave: the taint filter, and beside it what has already left. A string that the page had sent before
 * something was entered is no copy of it, so a style or a class keeps working whatever is typed later. Page text has no
 * such grace: it is looked through every time.
 */

import type { CssJudge } from "./css";
import { LIMITS, MASK } from "./dialect";
import type { Taint } from "./taint";

/** How many strings are remembered as sent; beyond that all are forgotten and judged anew. */
export const KNOWN_MAX = 50_000;
/** Of one short sign or two nobody can say whether it was on the page or on a key. */
const SHORT_MAX = 2;
/** A text unit is at most three bytes. */
const TEXT_MAX = Math.floor(LIMITS.text_bytes / 3);

export class Judge implements CssJudge {
  private readonly known = new Set<string>();

  constructor(
    private readonly taint: Taint,
    private readonly isClear: boolean,
    readonly isProperty: (name: string) => boolean,
  ) {}

  isClean(text: string): boolean {
    if (this.known.has(text)) return true;
    if (this.taint.isIn(text)) return false;
    if (this.known.size >= KNOWN_MAX) this.known.clear();
    this.known.add(text);
    return true;
  }

  /** Page text outside of forms. White space is layout and stays. */
  text(text: string, isStarred: boolean): string {
    const short = text.length > TEXT_MAX ? text.slice(0, TEXT_MAX) : text;
    if (isBlank(short)) return short;
    const clean = this.taint.isFull ? MASK : this.taint.clean(short);
    const isPlain = this.isClear && !isStarred && countSigns(clean) > SHORT_MAX;
    return isPlain ? clean : clean.replace(/\S/gu, "*");
  }
}

export const isBlank = (text: string): boolean => !/\S/.test(text);

function countSigns(text: string): number {
  return text.replace(/\s+/g, "").length;
}
