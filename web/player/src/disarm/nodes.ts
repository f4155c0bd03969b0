/**
 * Builds a recorded tree anew from nothing but what may be shown. Elements that could run, ask or lead somewhere stay in the tree,
 * since others are counted from them, as elements without a name, an attribute or a child.
 */
import dialect from '../../../../fixtures/recording/dialect.json' with { type: 'json' };
import type { Attribute, Node } from '../events.ts';
import { disarmAttribute } from './attributes.ts';
import { disarmCss } from './css.ts';

const DROPPED = new Set(dialect.dropped_tags);
/** Boxes that hold a page or a program of their own are built as something that cannot. */
const OUTSIDE = new Set(['iframe', 'frame', 'frameset', 'object', 'embed', 'applet']);
export const GONE = 'candor-gone';
export const BOX = 'candor-box';
/** A sheet that was linked is built as one. */
export const STYLES: ReadonlySet<string> = new Set(['style', 'link', 'svg:style']);
const NAME = /^[a-zA-Z][a-zA-Z0-9-]*$/;

/** These events hold something that no recorder of ours writes. */
export class Unplayable extends Error {}

/** How much one tree may hold. */
class Budget {
  private nodes = 0;
  take(depth: number): void {
    this.nodes += 1;
    if (this.nodes > dialect.limits.nodes || depth > dialect.limits.depth) throw new Unplayable('too much');
  }
}

type Raw = Record<string, unknown>;

/** `tagOf` remembers what each node is, so that later changes of it are judged by that. */
export function disarmTree(raw: unknown, tagOf: Map<number, string>, parentId?: number): Node {
  const parent = parentId === undefined ? undefined : tagOf.get(parentId);
  return disarmNode(raw, { tagOf, budget: new Budget() }, 0, parent !== undefined && STYLES.has(parent));
}

interface Walk {
  tagOf: Map<number, string>;
  budget: Budget;
}

/** Text of a style element is a style sheet, whether or not the recording calls it one. */
function disarmNode(raw: unknown, walk: Walk, depth: number, inStyle: boolean): Node {
  walk.budget.take(depth);
  const { tagOf } = walk;
  const node = asRecord(raw);
  const id = asId(node.id);
  const rest = placeOf(node);
  const children = (ofStyle = false) => asArray(node.childNodes).map((each) => disarmNode(each, walk, depth + 1, ofStyle));
  switch (node.type) {
    case 0:
      return { type: 0, id, childNodes: asDocument(children()), ...(node.compatMode === 'BackCompat' && { compatMode: 'BackCompat' }) };
    case 1:
      // Anywhere but in a document it could not be put.
      if (depth !== 1) return { type: 5, id, textContent: '', ...rest };
      return { type: 1, id, name: 'html', publicId: asDoctype(node.publicId), systemId: asDoctype(node.systemId), ...rest };
    case 2:
      return disarmElement(node, id, tagOf, children);
    case 3: {
      const text = asText(node.textContent);
      const isStyle = node.isStyle === true;
      const isSheet = isStyle || inStyle;
      tagOf.set(id, isSheet ? '#style' : '#text');
      return { type: 3, id, textContent: isSheet ? disarmCss(text) : text, ...(isStyle && { isStyle: true as const }), ...rest };
    }
    default:
      // Comments and the like: nobody sees them, but others stand before and after them.
      tagOf.set(id, '#comment');
      return { type: 5, id, textContent: '', ...rest };
  }
}

/** A document holds one document type, one element and comments; a browser lets nobody put anything else there. */
function asDocument(children: Node[]): Node[] {
  const first = (type: number) => children.find((child) => child.type === type);
  return children.filter((child) => child.type === 5 || child === first(1) || child === first(2));
}

function disarmElement(node: Raw, id: number, tagOf: Map<number, string>, children: (ofStyle: boolean) => Node[]): Node {
  const written = asText(node.tagName);
  const tag = written.toLowerCase();
  const rest = placeOf(node);
  const attributes = asRecord(node.attributes ?? {});
  const isSheet = tag === 'link' && typeof attributes._cssText === 'string';
  if (!NAME.test(written) || DROPPED.has(tag) || (tag === 'link' && !isSheet)) {
    tagOf.set(id, GONE);
    return { type: 2, id, tagName: GONE, attributes: { hidden: '' }, childNodes: [], ...rest };
  }
  const isSvg = node.isSVG === true;
  tagOf.set(id, isSvg ? `svg:${tag}` : tag);
  const tagName = OUTSIDE.has(tag) ? BOX : isSheet ? 'style' : isSvg ? written : tag;
  return {
    type: 2,
    id,
    tagName,
    attributes: disarmAttributes(tag, isSvg, attributes),
    childNodes: OUTSIDE.has(tag) ? [] : children(tag === 'style' || isSheet),
    ...(isSvg && { isSVG: true as const }),
    ...(node.isShadowHost === true && { isShadowHost: true as const }),
    ...rest,
  };
}

export function disarmAttributes(tag: string, isSvg: boolean, attributes: Raw): Record<string, Attribute> {
  const clean: Record<string, Attribute> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const kept = disarmAttribute({ tag, isSvg }, name, value);
    if (kept !== undefined) clean[name] = kept;
  }
  return clean;
}

function placeOf(node: Raw): { rootId?: number; isShadow?: true } {
  return {
    ...(typeof node.rootId === 'number' && { rootId: asId(node.rootId) }),
    ...(node.isShadow === true && { isShadow: true as const }),
  };
}

/** Public and system names of document types decide how a page is laid out, and are never fetched. */
const asDoctype = (value: unknown): string => (typeof value === 'string' && /^[\w \-./:]{0,200}$/.test(value) ? value : '');

export function asRecord(value: unknown): Raw {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Unplayable('not an object');
  return value as Raw;
}
export function asArray(value: unknown): unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Unplayable('not a list');
  return value;
}
export const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
export function asId(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < -2) throw new Unplayable('not a node');
  return value;
}
export const asNumber = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
