/**
 * The capture: `@rrweb/record` watches the page, and everything it says goes through the veil before anyone keeps it.
 * Whatever throws on that way ends the recording: an event that could not be judged is never sent as it was.
 */

import { record } from "@rrweb/record";
import { MASK } from "./dialect";
import { Entered } from "./entered";
import { LivePage, type Selectors } from "./live";
import { BLOCK, IGNORE } from "./nodes";
import type { Page } from "./page";
import { type CleanEvent, Kind, type RawEvent, type RawNode, Source } from "./raw";
import { Taint } from "./taint";
import { Veil } from "./veil";
import { keyOf } from "./zones";

/** Seeking in a replay begins at a snapshot. */
const CHECKOUT_MS = 300_000;
const MOVES_MS = 100;
const SCROLL_MS = 150;
/** While something is entered the page's changes are told once in this time, whatever the rhythm of the keys. */
const CALM_MS = 1_000;
/** For so long events are judged on end; then the page gets its turn. */
const SLICE_MS = 10;
const PAUSE_NODES = 500;

export interface CaptureOptions extends Selectors {
  readonly block?: string;
  /** Whether the site lets page text pass. */
  readonly isClear: boolean;
  readonly keep: (event: CleanEvent) => void;
  /** The recording has ended by itself. */
  readonly failed: () => void;
}

export interface Judges {
  entered(now: number, region?: number): void;
  address(href: string): string | undefined;
  /** What of it may leave; nothing now and then, where a pause may be made. */
  pass(event: RawEvent): Generator<CleanEvent | undefined>;
}

export type MakeVeil = (page: Page, taint: Taint, isClear: boolean) => Judges;

export const makeVeil: MakeVeil = (page, taint, isClear) =>
  new Veil(page, taint, { isClear, isProperty: (name, value = "inherit") => CSS.supports(name, value) });

export class Capture {
  private readonly taint = new Taint();
  private readonly page: LivePage;
  private readonly veil: Judges;
  private readonly entered: Entered;
  private ended: (() => void) | undefined;
  private calm: ReturnType<typeof setTimeout> | undefined;
  /** Changes of the page that came while something is entered. */
  private held: RawEvent[] = [];
  /** What waits to be judged, in its order, and what is being judged. */
  private queue: RawEvent[] = [];
  private work: Generator<CleanEvent | undefined> | undefined;
  private turn: ReturnType<typeof setTimeout> | undefined;
  private isJudging = false;
  private isOver = false;
  private href = location.href;
  /** The address that was told last. */
  private told: string | undefined;

  constructor(
    private readonly options: CaptureOptions,
    make: MakeVeil,
  ) {
    this.page = new LivePage(record.mirror as never, options);
    this.veil = make(this.page, this.taint, options.isClear);
    this.entered = new Entered(
      this.taint,
      (region) => this.guard(() => this.hear(region)),
      keyOf,
      (act) => this.guard(act),
    );
    this.guard(() => {
      this.ended = this.begin();
      // The library gives nothing back where it could not begin.
      if (!this.ended) throw new Error("no capture");
    });
    // It may have failed at its very first event.
    if (this.isOver) this.ended?.();
  }

  /** Says all of the page anew, for a server or a replay that lost it. */
  snapshot(): void {
    this.guard(() => {
      this.thaw();
      // What waits happened to the page already: it is in what is told now, and would be nothing without. But for what somebody did.
      const acts = this.queue.filter(isAct);
      this.queue = [];
      this.work = undefined;
      record.takeFullSnapshot(true);
      for (const act of acts) this.queue.push({ ...act, timestamp: Date.now() });
    });
  }

  /** One of the few things that are told beside the page: `error`, `hidden`, `shown`, `left`, or an `event` with its name. */
  mark(tag: string, name?: string): void {
    this.guard(() => {
      // What waits belongs before it, unless it may come at every key itself.
      if (this.calm !== undefined && tag !== "error" && tag !== "event") this.thaw();
      this.see({ type: Kind.Custom, data: { tag, name }, timestamp: Date.now() });
      // The page may be gone in a moment.
      if (tag === "left" || tag === "hidden") this.advance(Number.POSITIVE_INFINITY);
    });
  }

  stop(): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.calm);
    clearTimeout(this.turn);
    this.entered.stop();
    this.ended?.();
  }

  private begin(): (() => void) | undefined {
    const { block } = this.options;
    return record({
      emit: (event) => this.guard(() => this.see(event as unknown as RawEvent)),
      checkoutEveryNms: CHECKOUT_MS,
      blockSelector: block ? `[${BLOCK}],${block}` : `[${BLOCK}]`,
      ignoreSelector: `[${IGNORE}]`,
      maskAllInputs: true,
      maskInputFn: () => MASK,
      slimDOMOptions: "all",
      inlineStylesheet: true,
      sampling: { mousemove: MOVES_MS, scroll: SCROLL_MS },
      recordAfter: "DOMContentLoaded",
      // An error of the library is not the page's; the veil judges what still comes.
      errorHandler: () => true,
    });
  }

  /** While something is entered the page's changes wait: one by one they would tell of each key. */
  private see(event: RawEvent): void {
    if (this.calm !== undefined && isPageChange(event)) {
      this.held.push(event);
      return;
    }
    if (event.type === Kind.FullSnapshot) this.release(event.timestamp);
    this.admit(event);
  }

  private release(timestamp: number): void {
    const held = this.held;
    this.held = [];
    for (const event of held) this.admit({ ...event, timestamp });
  }

  /** A page that changes its address without being loaded anew says so before what follows. */
  private admit(event: RawEvent): void {
    const { href } = location;
    if (href !== this.href && event.type !== Kind.Meta)
      this.queue.push({
        type: Kind.Meta,
        data: { href, width: innerWidth, height: innerHeight },
        timestamp: event.timestamp,
        isLater: true,
      });
    this.href = href;
    this.queue.push(event);
    // The library has just been over all of the page.
    if (event.type === Kind.FullSnapshot) this.wait();
    else if (this.turn === undefined) this.advance(SLICE_MS);
  }

  private wait(): void {
    this.turn ??= setTimeout(() => {
      this.turn = undefined;
      this.guard(() => this.advance(SLICE_MS));
    });
  }

  /** Judges what waits, for about so long. What is said meanwhile waits too. */
  private advance(ms: number): void {
    if (this.isJudging) return;
    this.isJudging = true;
    const until = performance.now() + ms;
    while (!this.isOver) {
      if (!this.work) {
        const event = this.queue.shift();
        if (!event) break;
        this.work = this.judge(event);
      }
      const { work } = this;
      const { value, done } = work.next();
      if (done && this.work === work) this.work = undefined;
      if (value) this.options.keep(value);
      if (performance.now() >= until) {
        this.wait();
        break;
      }
    }
    this.isJudging = false;
  }

  private *judge(event: RawEvent): Generator<CleanEvent | undefined> {
    // Values that a program set are read before anything is judged that it may have copied them to.
    if (event.type === Kind.FullSnapshot) {
      this.entered.meetAll(document);
      yield* this.meet(event.data.node);
    } else if (event.type === Kind.Change && event.data.source === Source.Mutation) {
      for (const { node } of event.data.adds) yield* this.meet(node);
    }
    if (!isMove(event)) this.entered.poll();
    for (const clean of this.veil.pass(event)) {
      if (clean?.type === Kind.Meta) {
        const { href } = clean.data as { href: string };
        if (event.type === Kind.Meta && event.isLater && href === this.told) continue;
        this.told = href;
      }
      yield clean;
      if (!clean) this.entered.poll();
    }
  }

  private *meet(node: RawNode): Generator<undefined> {
    const nodes = [node];
    let count = 0;
    for (let next = nodes.pop(); next; next = nodes.pop()) {
      if (next.tagName) this.entered.meet(record.mirror.getNode(next.id));
      for (const child of next.childNodes ?? []) nodes.push(child);
      count += 1;
      if (count % PAUSE_NODES === 0) yield;
    }
  }

  private hear(region: Element | undefined): void {
    if (this.isOver) return;
    const number = region ? record.mirror.getId(region) : -1;
    this.veil.entered(Date.now(), number > 0 ? number : undefined);
    record.freezePage();
    this.calm ??= setTimeout(() => this.guard(() => this.thaw()), CALM_MS);
  }

  /** Any event that is no change lets the held changes go; this one has a name that the veil does not know. */
  private thaw(): void {
    clearTimeout(this.calm);
    this.calm = undefined;
    this.release(Date.now());
    if (this.ended && !this.isOver) record.addCustomEvent("thaw", {});
  }

  private guard(act: () => void): void {
    if (this.isOver) return;
    try {
      act();
    } catch {
      this.stop();
      this.options.failed();
    }
  }
}

const PAGE_CHANGES = new Set<number>([Source.Mutation, Source.StyleSheetRule, Source.StyleDeclaration, Source.AdoptedStyleSheet]);

const isPageChange = ({ type, data }: RawEvent): boolean =>
  type === Kind.Change && PAGE_CHANGES.has((data as { source: number }).source);

const ACTS = new Set<number>([Source.MouseInteraction, Source.Input]);

/** What no snapshot shows: that something was pressed or entered, and what is told beside the page. */
function isAct({ type, data }: RawEvent): boolean {
  return type === Kind.Custom || (type === Kind.Change && ACTS.has((data as { source: number }).source));
}

function isMove(event: RawEvent): boolean {
  return event.type === Kind.Change && (event.data.source === Source.MouseMove || event.data.source === Source.TouchMove);
}
