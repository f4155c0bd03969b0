/**
 * What strings may leave: the taint filter, and beside it what has already left. A class, a style or the text of a node
 * that was sent before something was entered is no copy of it. It must stay as it is: masked from then on, it would tell
 * that just this was entered.
 */

import type { CssJudge } from "./css";
import { LIMITS, MASK } from "./dialect";
import type { Echo } from "./echo";
import type { Page } from "./page";
import type { Taint } from "./taint";

/** How many strings are remembered as sent; beyond that all are forgotten and judged anew. */
export const KNOWN_MAX = 50_000;
/** How many texts, and how much of them, are remembered as sent. */
export const TOLD_MAX = 100_000;
const TOLD_SIGNS_MAX = 4_194_304;
/** Of one short sign or two nobody can say whether it was on the page or on a key. */
export const SHORT_MAX = 2;
/** What ends or parts the words that it stands beside. */
const STOPS = /^[.,:;!?…()[\]\s]+$/;
/** How long a piece of something entered may be that is no word of it. */
const PIECE_MAX = 24;
/** A text unit is at most three bytes. */
const TEXT_MAX = Math.floor(LIMITS.text_bytes / 3);

export class Judge implements CssJudge {
  readonly sheets = new Map<string, string>();
  private readonly known = new Set<string>();
  /** By node, the text that was sent without a mask. */
  private readonly told = new Map<number, string>();
  private toldSigns = 0;
  /** Of those, the few signs that were sent as they are. */
  private readonly stops = new Set<number>();

  constructor(
    private readonly taint: Taint,
    private readonly isClear: boolean,
    readonly isProperty: CssJudge["isProperty"],
  ) {}

  isClean(text: string): boolean {
    if (this.known.has(text)) return true;
    if (this.taint.isIn(text)) return false;
    if (this.known.size >= KNOWN_MAX) this.known.clear();
    this.known.add(text);
    return true;
  }

  /**
   * Page text outside of forms. White space is layout and stays. A text that is clean by itself may be a piece of what
   * was entered: where all that stands around it holds something, it is masked too.
   */
  text(id: number, text: string, isStarred: boolean, page: Page, { isQuiet }: Echo): string {
    const short = text.length > TEXT_MAX ? text.slice(0, TEXT_MAX) : text;
    if (isBlank(short)) return short;
    const isTold = this.told.get(id) === short;
    const clean = isTold ? short : this.taint.clean(short);
    if (clean === MASK || (!isTold && clean === short && this.isPiece(id, short, page))) return MASK;
    if (clean === short) this.tell(id, short);
    // Before anything was entered there is nothing that a sign could be of.
    const isStop = STOPS.test(short) && (isTold ? this.stops.has(id) : isQuiet && !page.isAlone(id));
    if (isStop) this.stops.add(id);
    else this.stops.delete(id);
    const isPlain = this.isClear && !isStarred && (isStop || countSigns(clean) > SHORT_MAX);
    return isPlain ? clean : clean.replace(/\S/gu, "*");
  }

  private tell(id: number, text: string): void {
    if (this.told.size >= TOLD_MAX || this.toldSigns + text.length > TOLD_SIGNS_MAX) {
      this.told.clear();
      this.stops.clear();
      this.toldSigns = 0;
    }
    this.told.set(id, text);
    this.toldSigns += text.length;
  }

  /** Longer pieces hold whole words, which are found by themselves. */
  private isPiece(id: number, text: string, page: Page): boolean {
    return this.taint.isUsed && text.length <= PIECE_MAX && this.taint.isIn(page.around(id) ?? "");
  }
}

export const isBlank = (text: string): boolean => !/\S/.test(text);

export function countSigns(text: string): number {
  return text.replace(/\s+/g, "").length;
}
