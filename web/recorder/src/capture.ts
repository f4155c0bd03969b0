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
  pass(event: RawEvent): CleanEvent | undefined;
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
  private isOver = false;
  private href = location.href;

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
      record.takeFullSnapshot(true);
    });
  }

  /** One of the few things that are told beside the page: `error`, `hidden`, `shown`, `left`. */
  mark(tag: string): void {
    this.guard(() => {
      // What waits belongs before it, unless it may come at every key itself.
      if (this.calm !== undefined && tag !== "error") this.thaw();
      this.see({ type: Kind.Custom, data: { tag }, timestamp: Date.now() });
    });
  }

  stop(): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.calm);
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
    this.judge(event);
  }

  private release(timestamp: number): void {
    const held = this.held;
    this.held = [];
    for (const event of held) this.judge({ ...event, timestamp });
  }

  private judge(event: RawEvent): void {
    if (this.isOver) return;
    // Values that a program set are read before anything is judged that it may have copied them to.
    if (event.type === Kind.FullSnapshot) {
      this.entered.meetAll(document);
      this.meet(event.data.node);
    } else if (event.type === Kind.Change && event.data.source === Source.Mutation) {
      for (const { node } of event.data.adds) this.meet(node);
    }
    if (!isMove(event)) this.entered.poll();
    this.follow(event);
    const clean = this.veil.pass(event);
    if (clean) this.options.keep(clean);
  }

  /** A page that changes its address without being loaded anew says so before what follows. */
  private follow({ type, timestamp }: RawEvent): void {
    if (location.href === this.href || type === Kind.Meta) return;
    const before = this.veil.address(this.href);
    this.href = location.href;
    if (this.veil.address(this.href) === before) return;
    const clean = this.veil.pass({
      type: Kind.Meta,
      data: { href: this.href, width: innerWidth, height: innerHeight },
      timestamp,
    });
    if (clean) this.options.keep(clean);
  }

  private meet(node: RawNode): void {
    if (node.tagName) this.entered.meet(record.mirror.getNode(node.id));
    for (const child of node.childNodes ?? []) this.meet(child);
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

function isMove(event: RawEvent): boolean {
  return event.type === Kind.Change && (event.data.source === Source.MouseMove || event.data.source === Source.TouchMove);
}
