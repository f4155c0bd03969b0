/**
 * Nodes, judged by where they stand and written anew. One serializer for snapshots, additions and changes, so that no
 * path knows an exception that the others do not.
 */

import { readSheet } from "./css";
import { grammarOf, isBox, isDropped, isEditable, isFormRole, isFormTag, LIMITS, MASK, type Place } from "./dialect";
import type { Echo } from "./echo";
import { veilAttribute } from "./grammar";
import { isBlank, type Judge } from "./judge";
import type { Page } from "./page";
import { type Attributes, NodeKind, type RawNode } from "./raw";
import { type Entry, Flag, type Tree } from "./tree";

export const BLOCK = "data-candor-block";
export const STAR = "data-candor-mask";
export const IGNORE = "data-candor-ignore";

const DOCTYPES = new Set([
  "",
  "-//W3C//DTD XHTML 1.0 Strict//EN",
  "-//W3C//DTD XHTML 1.0 Transitional//EN",
  "-//W3C//DTD HTML 4.01//EN",
  "-//W3C//DTD HTML 4.01 Transitional//EN",
]);
const TAG = /^[a-z][a-z0-9-]{0,63}$/;
/** Controls whose inside changes with every sign that is entered. */
const SEALED_TAGS = new Set(["output", "meter", "progress", "textarea", "datalist"]);
const SEALED_ROLES = /^(?:textbox|searchbox|spinbutton|slider)$/;
const CHOICES = /^(?:radio|checkbox)$/i;
/** What grows with what is entered, on a field and on what answers to it. */
const TELLING = /^(?:style|rr_scroll\w+|rows|cols|size|width|height)$/;

/** What a node or an attribute takes beside its text, about. */
const NODE_BYTES = 80;
/** After so many nodes a pause may be made. */
const PAUSE_NODES = 100;
/** From so many bytes on, about, what follows is told as additions: whatever is in it, it is less than a request may hold. */
export const PART_BYTES = 1.5 * LIMITS.request_bytes;

interface Within {
  readonly parent: number;
  readonly isForm: boolean;
  readonly isStarred: boolean;
  readonly depth: number;
  /** Arrived just after something was entered. */
  readonly isEcho: boolean;
}

/** What is in a node that was written, as far as it was not read yet. */
interface Below {
  readonly raw: readonly RawNode[];
  readonly within: Within;
  readonly into: object[];
  at: number;
}

export class Nodes {
  /** What is added to what was told, in this part. */
  additions: object[] = [];
  private below: Below[] = [];
  /** Whether a part of this event was full. */
  private isDivided = false;
  private bytes = 0;
  private count = 0;

  constructor(
    private readonly tree: Tree,
    private readonly judge: Judge,
    private readonly page: Page,
    private readonly echo: Echo,
  ) {}

  /** A document, without what is in it. */
  document(raw: RawNode): object | undefined {
    this.tree.clear();
    return this.node(raw, { parent: 0, isForm: false, isStarred: false, depth: 0, isEcho: false });
  }

  /**
   * Writes what is in the nodes that were written last, in the order of the page. Stops where a pause may be made, and says so
   * where a part is full: what was written until then is whole, and what follows is in `additions`, which is empty again.
   */
  *inside(): Generator<boolean> {
    for (;;) {
      this.count += 1;
      if (this.bytes >= PART_BYTES) {
        this.isDivided = true;
        this.beginPart();
        yield true;
      } else if (this.count % PAUSE_NODES === 0) yield false;
      const last = this.below.at(-1);
      if (!last) return;
      const raw = last.raw[last.at];
      last.at += 1;
      const sheet = raw?.attributes?._cssText;
      if (typeof sheet === "string" && sheet.length <= LIMITS.sheet_bytes)
        for (const _ of readSheet(sheet, this.judge)) yield false;
      const node = raw && this.node(raw, last.within);
      if (!raw) this.below.pop();
      // A replay takes of an addition the node alone.
      else if (node && this.isDivided) this.additions.push({ parentId: last.within.parent, nextId: null, node });
      else if (node) last.into.push(node);
    }
  }

  /** What is written from here on is another event; one that was broken off is over. */
  begin(): void {
    this.below = [];
    this.isDivided = false;
    this.beginPart();
  }

  private beginPart(): void {
    this.bytes = 0;
    this.additions = [];
  }

  /** A node that came to a place that is known; nothing where nothing may come. */
  addition(raw: RawNode, parent: Entry, isEcho: boolean): object | undefined {
    if (this.tree.isWithin(parent, Flag.Sealed | Flag.Box)) return undefined;
    if (parent.flags & Flag.Text || parent.tag === "style") return undefined;
    return this.node(raw, {
      parent: parent.id,
      isForm: this.page.isDesigned() || this.tree.isWithin(parent, Flag.Form),
      isStarred: this.tree.isWithin(parent, Flag.Starred),
      depth: this.tree.depth(parent) + 1,
      isEcho,
    });
  }

  private node(raw: RawNode, within: Within): object | undefined {
    const { id, type } = raw;
    if (!isNumber(id) || within.depth > LIMITS.depth || this.tree.size >= LIMITS.nodes) return undefined;
    const shadow = raw.isShadow === true ? { isShadow: true } : {};
    if (type === NodeKind.Document) {
      if (within.depth > 0) return undefined;
      const isForm = this.page.isDesigned();
      const entry = this.tree.add(id, 0, "#document", isForm ? Flag.Form : 0);
      const childNodes = this.children(raw, entry, { ...within, isForm });
      return { type, id, childNodes, ...(raw.compatMode === "BackCompat" && { compatMode: "BackCompat" }) };
    }
    if (type === NodeKind.DocumentType) {
      this.tree.add(id, within.parent, "#doctype", 0);
      const publicId = DOCTYPES.has(raw.publicId ?? "") ? (raw.publicId ?? "") : "";
      return { type, id, name: "html", publicId, systemId: "" };
    }
    if (type === NodeKind.Text) return { type, id, textContent: this.newText(raw, within), ...shadow };
    if (type === NodeKind.Element) {
      const element = this.element(raw, within);
      return element && { ...element, ...shadow };
    }
    return undefined;
  }

  private newText({ id, textContent }: RawNode, within: Within): string {
    const entry = this.tree.add(id, within.parent, "#text", Flag.Text);
    if (within.isEcho) this.echo.mark(within.parent);
    return this.text(entry, String(textContent ?? ""), within.isForm, within.isStarred);
  }

  /** What a text node may say where it stands. */
  text(entry: Entry, text: string, isForm: boolean, isStarred: boolean): string {
    const isMask = isForm || this.echo.has(entry.parent);
    const said = isMask ? (isBlank(text) ? " " : MASK) : this.judge.text(entry.id, text, isStarred, this.page, this.echo);
    this.weigh(said);
    if (said === MASK) entry.flags |= Flag.Masked;
    else entry.flags &= ~Flag.Masked;
    return said;
  }

  private element(raw: RawNode, within: Within): object | undefined {
    const { id, type } = raw;
    const isSvg = raw.isSVG === true;
    const name = String(raw.tagName ?? "").toLowerCase();
    const tag = TAG.test(name) && this.judge.isClean(name) ? name : isSvg ? "g" : "div";
    if (isDropped(tag)) return undefined;
    const attributes = raw.attributes ?? {};
    const flags = this.flags(id, tag, isSvg, attributes) | (raw.isShadow === true ? Flag.Shadow : 0);
    const entry = this.tree.add(id, within.parent, tag, flags);
    this.weigh(tag);
    if (within.isEcho) this.echo.mark(id);
    const isForm = within.isForm || (flags & Flag.Form) > 0;
    const written = this.attributes(entry, attributes, isForm, true);
    // Without its words a button would be smaller, and what stands beside it elsewhere.
    if (flags & (Flag.Box | Flag.Sealed) || /^(?:button|select)$/.test(tag)) Object.assign(written, this.size(entry));
    const isStarred = within.isStarred || (flags & Flag.Starred) > 0;
    const childNodes =
      flags & (Flag.Box | Flag.Sealed) || tag === "style" ? [] : this.children(raw, entry, { ...within, isForm, isStarred });
    return {
      type,
      id,
      tagName: tag,
      attributes: written,
      childNodes,
      ...(isSvg && { isSVG: true }),
      ...(raw.isShadowHost === true && { isShadowHost: true }),
    };
  }

  private children(raw: RawNode, entry: Entry, within: Within): object[] {
    // Where a part is full meanwhile, what is below comes by itself.
    const into: object[] = [];
    const { childNodes = [] } = raw;
    const inside = { ...within, parent: entry.id, depth: within.depth + 1 };
    if (childNodes.length) this.below.push({ raw: childNodes, within: inside, into, at: 0 });
    return into;
  }

  private weigh(text: string): void {
    this.bytes += NODE_BYTES + text.length * (/[^\0-\x7f]/.test(text) ? 3 : 1);
  }

  private flags(id: number, tag: string, isSvg: boolean, attributes: Attributes): number {
    let flags = isSvg ? Flag.Svg : 0;
    if (isBox(tag) || BLOCK in attributes || ("rr_width" in attributes && "rr_height" in attributes)) flags |= Flag.Box;
    if (isFormTag(tag) || this.page.isFormElement(tag)) flags |= Flag.Form;
    if (SEALED_TAGS.has(tag) || this.echo.isRegion(id)) flags |= Flag.Form | Flag.Sealed;
    // Which of several was chosen is all that could be told of a choice.
    if (tag === "input" && CHOICES.test(String(attributes.type))) flags |= Flag.Ignored;
    if (STAR in attributes || this.page.isStarred(id)) flags |= Flag.Starred;
    if (IGNORE in attributes || this.page.isIgnored(id)) flags |= Flag.Ignored;
    for (const name of ["role", "contenteditable"]) flags |= flagsOf(name, attributes[name]);
    return flags;
  }

  /** The attributes that may stand there. Of a change those that are gone are said too. */
  attributes(entry: Entry, attributes: Attributes, isForm: boolean, isNew: boolean): Attributes {
    const written: Attributes = {};
    const place: Place = { tag: entry.tag, isSvg: (entry.flags & Flag.Svg) > 0, isBox: (entry.flags & Flag.Box) > 0 };
    for (const [name, value] of Object.entries(attributes)) {
      const grammar = grammarOf(place, name);
      if (!grammar || (/^data-v/.test(name) && !this.judge.isClean(name)) || this.isTelling(entry, name, isForm, isNew)) continue;
      // A list's item has a number for its value; inside a form it is a value like any other.
      if (isForm && name === "value" && grammar !== "mask") continue;
      if (value === null || value === false) {
        if (isNew || (grammar === "mask" && !(entry.flags & Flag.Valued))) continue;
        written[name] = null;
        if (grammar === "mask") entry.flags &= ~Flag.Valued;
        continue;
      }
      if (grammar === "mask" && entry.flags & Flag.Valued) continue;
      const allowed = veilAttribute(grammar, value, this.judge);
      if (allowed === undefined) continue;
      if (grammar === "mask") {
        if (!allowed) continue;
        entry.flags |= Flag.Valued;
      }
      this.weigh(allowed);
      written[name] = allowed;
    }
    return written;
  }

  /** A field that changes its measures while something is entered is remembered: the next snapshot would have them. */
  private isTelling(entry: Entry, name: string, isForm: boolean, isNew: boolean): boolean {
    if (!TELLING.test(name)) return false;
    if (isForm && !isNew) this.echo.mark(entry.id);
    return this.echo.has(entry.id) || (isForm && name.startsWith("rr_scroll"));
  }

  /** A region that takes text grows with it, so its size is said only while nothing was entered. */
  private size({ id, flags }: Entry): Attributes {
    const box = flags & Flag.Box || this.echo.isQuiet ? this.page.box(id) : undefined;
    // What is not shown yet has no size, and may be shown later.
    return box && (flags & Flag.Box || box.width)
      ? { rr_width: `${Math.round(box.width)}px`, rr_height: `${Math.round(box.height)}px` }
      : {};
  }
}

/** What an attribute makes of the element that has it. It does so for good: what was a field may still hold what was entered. */
export function flagsOf(name: string, value: unknown): number {
  switch (name) {
    case "contenteditable":
      return isEditable(value) ? Flag.Form | Flag.Sealed : 0;
    case "role":
      return isFormRole(value) ? Flag.Form | (SEALED_ROLES.test(String(value)) ? Flag.Sealed : 0) : 0;
    case BLOCK:
      return value === null ? 0 : Flag.Box;
    case STAR:
      return value === null ? 0 : Flag.Starred;
    case IGNORE:
      return value === null ? 0 : Flag.Ignored;
    default:
      return 0;
  }
}

export const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
