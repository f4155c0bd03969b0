/**
 * The veil: the last stage in the browser. Every event of the capture passes through here before it is kept for sending,
 * and comes out written anew, key by key, in the dialect of `docs/recordings.md`, or not at all. It never copies what it
 * does not know, never decides by what a text looks like, and masks when it is unsure.
 */

import { veilAddress } from "./address";
import type { CssJudge } from "./css";
import { CUSTOM, LIMITS, MASK } from "./dialect";
import { Echo } from "./echo";
import { Judge } from "./judge";
import { flagsOf, isNumber, Nodes } from "./nodes";
import type { Page } from "./page";
import { Pointer, round } from "./pointer";
import { type CleanEvent, Kind, type RawAddition, type RawChange, type RawEvent, type RawMutation, Source } from "./raw";
import { veilAdopted, veilDeclaration, veilRules } from "./sheets";
import type { Taint } from "./taint";
import { Flag, Tree } from "./tree";

export interface VeilSettings {
  /** Whether the site lets page text pass; anything else stars it. */
  readonly isClear: boolean;
  readonly isProperty: CssJudge["isProperty"];
}

/** A change of the tree as it leaves. */
interface Mutation {
  readonly source: Source.Mutation;
  readonly texts: object[];
  readonly attributes: object[];
  readonly removes: object[];
  readonly adds: object[];
}

const INPUT_MS = 1_000 / LIMITS.input_events_per_field_per_second;
/** A name that the gate lets pass as well. */
const EVENT_NAME = /^[\p{L}\p{N} _.:/()*-]{1,120}$/u;
const DIGITS = /\d{9}/;

export class Veil {
  private readonly tree = new Tree();
  private readonly echo = new Echo();
  private readonly judge: Judge;
  private readonly nodes: Nodes;
  private readonly pointer: Pointer;
  /** Before the first snapshot there is no tree to judge by. */
  private isBegun = false;
  private root = 0;
  /** When an event's name was told last. */
  private namedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly page: Page,
    private readonly taint: Taint,
    settings: VeilSettings,
  ) {
    this.judge = new Judge(taint, settings.isClear, settings.isProperty);
    this.nodes = new Nodes(this.tree, this.judge, page, this.echo);
    this.pointer = new Pointer(this.tree, page, this.echo);
  }

  /** Something was entered now, into a region that has this number if it is none of the known controls. */
  entered(now: number, region?: number): void {
    this.echo.begin(now);
    const entry = region === undefined ? undefined : this.tree.get(region);
    if (region !== undefined) this.echo.markRegion(region);
    if (entry) entry.flags |= Flag.Form | Flag.Sealed;
  }

  address(href: string): string | undefined {
    return veilAddress(href, (text) => this.judge.isClean(text));
  }

  /**
   * The event as it may leave, or several: what would be larger than a request is told as its beginning and as additions to it.
   * Where it gives nothing a pause may be made.
   */
  *pass(event: RawEvent): Generator<CleanEvent | undefined> {
    if (!isNumber(event.timestamp)) return;
    const timestamp = Math.round(event.timestamp);
    this.nodes.begin();
    for (const data of this.data(event)) {
      // Whatever it began as, its additions are a change.
      yield data && { type: "source" in data ? Kind.Change : event.type, data, timestamp };
    }
  }

  private *data(event: RawEvent): Generator<object | undefined> {
    if (event.type === Kind.FullSnapshot) {
      const { node: raw, initialOffset } = event.data;
      const node = this.nodes.document(raw);
      this.isBegun = node !== undefined;
      this.root = raw.id;
      const { top, left } = initialOffset;
      if (node) yield yield* this.fill({ node, initialOffset: { top: round(top), left: round(left) } });
    } else if (event.type === Kind.Change && event.data.source === Source.Mutation) {
      if (this.isBegun) yield* this.mutation(event.data, this.echo.isNow(event.timestamp));
    } else yield this.small(event);
  }

  /** Writes what is in the nodes that were told last. What was begun leaves where it is full; what is given back has the rest. */
  private *fill<Begun extends object>(begun: Begun): Generator<object | undefined, Begun | Mutation> {
    let told: Begun | Mutation = begun;
    for (const isFull of this.nodes.inside()) {
      yield isFull ? told : undefined;
      if (isFull) told = { source: Source.Mutation, texts: [], attributes: [], removes: [], adds: this.nodes.additions };
    }
    return told;
  }

  private small(event: RawEvent): object | undefined {
    switch (event.type) {
      case Kind.Meta: {
        const href = this.address(String(event.data.href));
        const { width, height } = event.data;
        return href === undefined
          ? undefined
          : { href, width: round(width), height: round(height), ...this.pointer.height(this.root, event.timestamp) };
      }
      case Kind.Custom:
        if (event.data.tag === "event") return this.named(event.data.name ?? "", event.timestamp);
        return CUSTOM.has(event.data.tag) ? { tag: event.data.tag, payload: {} } : undefined;
      case Kind.Change:
        return this.isBegun ? this.change(event.data, event.timestamp) : undefined;
      default:
        return undefined;
    }
  }

  private change(data: RawChange, now: number): object | undefined {
    switch (data.source) {
      case Source.MouseMove:
      case Source.TouchMove:
      case Source.Drag:
        return this.pointer.moves(data, now);
      case Source.MouseInteraction:
        return this.pointer.interaction(data, now);
      case Source.Scroll: {
        const entry = this.tree.get(data.id);
        // A field scrolls with what is entered.
        const isTold = entry && !this.tree.isWithin(entry, Flag.Form | Flag.Box);
        const height = data.id === this.root ? this.pointer.height(this.root, now) : {};
        return isTold ? { source: data.source, id: data.id, x: round(data.x), y: round(data.y), ...height } : undefined;
      }
      case Source.ViewportResize:
        return { source: data.source, width: round(data.width), height: round(data.height) };
      case Source.Input:
        return this.input(data.id, now);
      case Source.StyleSheetRule:
        return veilRules(data, this.tree, this.judge);
      case Source.StyleDeclaration:
        return this.echo.isNow(now) ? undefined : veilDeclaration(data, this.tree, this.judge);
      case Source.AdoptedStyleSheet:
        return veilAdopted(data, this.tree, this.judge);
      default:
        return undefined;
    }
  }

  /** While something is entered an event for each key would tell of each, and a number in its name of how many. */
  private named(name: string, now: number): object | undefined {
    const isEcho = this.echo.isNow(now);
    if (isEcho && now - this.namedAt < INPUT_MS) return undefined;
    this.namedAt = now;
    const fits = EVENT_NAME.test(name) && !(isEcho ? /\d/ : DIGITS).test(name) && this.judge.isClean(name);
    return { tag: "event", payload: { name: fits ? name : MASK } };
  }

  /** One constant, and once in a second: neither what nor how much nor how fast. */
  private input(id: number, now: number): object | undefined {
    const entry = this.tree.get(id);
    if (!entry || !(entry.flags & Flag.Form) || this.tree.isWithin(entry, Flag.Ignored | Flag.Box)) return undefined;
    if (entry.inputAt !== undefined && now - entry.inputAt < INPUT_MS) return undefined;
    entry.inputAt = now;
    return { source: Source.Input, id, text: MASK, isChecked: false };
  }

  private *mutation(data: RawMutation, isEcho: boolean): Generator<object | undefined> {
    const restyled = new Set<number>();
    // In the order in which a replay applies them: what is gone, what came, then what changed.
    const removes = this.removes(data, restyled);
    let told: Mutation = { source: Source.Mutation, texts: [], attributes: [], removes, adds: [] };
    for (const added of data.adds) {
      const addition = this.addition(added, isEcho, restyled);
      if (!addition) continue;
      told.adds.push(addition);
      told = yield* this.fill(told);
    }
    told.texts.push(...this.texts(data, isEcho, restyled));
    told.attributes.push(...this.attributes(data, isEcho, restyled));
    if (told.removes.length || told.adds.length || told.texts.length || told.attributes.length) yield told;
  }

  private removes(data: RawMutation, restyled: Set<number>): object[] {
    const removes: object[] = [];
    for (const { id, parentId, isShadow } of data.removes) {
      const parent = this.tree.get(parentId);
      if (parent?.tag === "style") restyled.add(parentId);
      if (!parent || this.tree.get(id)?.parent !== parentId) continue;
      // Inside a region that takes text even the going of a line would tell.
      if (this.tree.isWithin(parent, Flag.Sealed)) continue;
      this.tree.remove(id);
      removes.push({ parentId, id, ...(isShadow === true && { isShadow: true }) });
    }
    return removes;
  }

  private addition({ parentId, nextId, node }: RawAddition, isEcho: boolean, restyled: Set<number>): object | undefined {
    const parent = this.tree.get(parentId);
    if (parent?.tag === "style") restyled.add(parentId);
    const clean = parent && this.nodes.addition(node, parent, isEcho);
    if (!clean) return undefined;
    const isBeside = (id: number) => this.tree.get(id)?.parent === parentId;
    const next = nextId === null || isBeside(nextId) ? nextId : this.page.following(nextId, isBeside);
    return { parentId, nextId: next, node: clean };
  }

  /** Of several texts for one node only the last: the others are how it came about. */
  private texts(data: RawMutation, isEcho: boolean, restyled: Set<number>): object[] {
    const last = new Map(data.texts.map(({ id, value }) => [id, value]));
    const texts: object[] = [];
    for (const [id, value] of last) {
      const entry = this.tree.get(id);
      if (!entry) {
        const style = this.page.styleOf(id);
        if (style !== undefined) restyled.add(style);
        continue;
      }
      if (!(entry.flags & Flag.Text) || this.tree.isWithin(entry, Flag.Sealed | Flag.Box)) continue;
      if (isEcho) this.echo.mark(entry.parent);
      const wasMasked = (entry.flags & Flag.Masked) > 0;
      const text = this.nodes.text(entry, String(value ?? ""), this.isForm(id), this.tree.isWithin(entry, Flag.Starred));
      if (!(wasMasked && text === MASK)) texts.push({ id, value: text });
    }
    return texts;
  }

  private attributes(data: RawMutation, isEcho: boolean, restyled: Set<number>): object[] {
    const changes: object[] = [];
    for (const { id, attributes } of data.attributes) {
      const entry = this.tree.get(id);
      if (!entry) continue;
      for (const [name, value] of Object.entries(attributes)) entry.flags |= flagsOf(name, value);
      if (this.tree.isWithin(entry, Flag.Box | Flag.Sealed) && !(entry.flags & (Flag.Box | Flag.Sealed))) continue;
      if (isEcho && "style" in attributes) this.echo.mark(id);
      // A difference of styles is let go: the whole attribute is judged as it stands.
      const known = "style" in attributes ? { ...attributes, style: this.page.style(id) ?? null } : attributes;
      const clean = this.nodes.attributes(entry, known, this.isForm(id), false);
      if (Object.keys(clean).length) changes.push({ id, attributes: clean });
    }
    for (const id of restyled) {
      const sheet = this.tree.get(id) && this.page.sheet(id);
      const entry = this.tree.get(id);
      if (entry && sheet !== undefined)
        changes.push({ id, attributes: this.nodes.attributes(entry, { _cssText: sheet }, false, false) });
    }
    return changes;
  }

  private isForm(id: number): boolean {
    const entry = this.tree.get(id);
    return !entry || this.page.isDesigned() || this.tree.isWithin(entry, Flag.Form);
  }

  /** Whether anything of this page may still be told in clear. */
  get isFull(): boolean {
    return this.taint.isFull;
  }
}
