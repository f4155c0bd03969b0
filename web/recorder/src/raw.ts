/**
 * What the capture library hands over, as far as the veil looks at it (`@rrweb/record` 2.1.6). Every value is the
 * page's and is judged before anything is made of it; a key that is not named here cannot travel.
 */

export const enum Kind {
  FullSnapshot = 2,
  Change = 3,
  Meta = 4,
  Custom = 5,
}

export const enum Source {
  Mutation = 0,
  MouseMove = 1,
  MouseInteraction = 2,
  Scroll = 3,
  ViewportResize = 4,
  Input = 5,
  TouchMove = 6,
  StyleSheetRule = 8,
  Drag = 12,
  StyleDeclaration = 13,
  AdoptedStyleSheet = 15,
}

export const enum NodeKind {
  Document = 0,
  DocumentType = 1,
  Element = 2,
  Text = 3,
}

export type Attributes = Record<string, unknown>;

export interface RawNode {
  type: number;
  id: number;
  publicId?: string;
  compatMode?: string;
  tagName?: string;
  attributes?: Attributes;
  childNodes?: RawNode[];
  textContent?: string;
  isSVG?: unknown;
  isShadow?: unknown;
  isShadowHost?: unknown;
  needBlock?: unknown;
}

export interface RawAddition {
  parentId: number;
  nextId: number | null;
  node: RawNode;
}

export interface RawMutation {
  source: Source.Mutation;
  texts: { id: number; value: string | null }[];
  attributes: { id: number; attributes: Attributes }[];
  removes: { parentId: number; id: number; isShadow?: unknown }[];
  adds: RawAddition[];
}

export interface Position {
  x: number;
  y: number;
  id: number;
  timeOffset: number;
}

export interface RawPositions {
  source: Source.MouseMove | Source.TouchMove | Source.Drag;
  positions: Position[];
}

export interface RawInteraction {
  source: Source.MouseInteraction;
  type: number;
  id: number;
  x?: number;
  y?: number;
  pointerType?: number;
}

export interface RawRule {
  rule: string;
  index?: number | number[];
}

export interface RawSheetRules {
  source: Source.StyleSheetRule;
  id?: number;
  styleId?: number;
  removes?: { index: number | number[] }[];
  adds?: RawRule[];
  replace?: string;
  replaceSync?: string;
}

export interface RawDeclaration {
  source: Source.StyleDeclaration;
  id?: number;
  styleId?: number;
  index: number[];
  set?: { property: string; value: string | null; priority?: string };
  remove?: { property: string };
}

export interface RawAdopted {
  source: Source.AdoptedStyleSheet;
  id: number;
  styles?: { styleId: number; rules: RawRule[] }[];
  styleIds: number[];
}

export type RawChange =
  | RawMutation
  | RawPositions
  | RawInteraction
  | { source: Source.Scroll; id: number; x: number; y: number }
  | { source: Source.ViewportResize; width: number; height: number }
  | { source: Source.Input; id: number }
  | RawSheetRules
  | RawDeclaration
  | RawAdopted;

export type RawEvent = { timestamp: number } & (
  | { type: Kind.FullSnapshot; data: { node: RawNode; initialOffset: { top: number; left: number } } }
  | { type: Kind.Change; data: RawChange }
  /** One that the page did not begin with is told only where the address is another. */
  | { type: Kind.Meta; data: { href: string; width: number; height: number }; isLater?: true }
  | { type: Kind.Custom; data: { tag: string; name?: string } }
);

/** An event of the dialect, made by the veil and by nothing else. */
export interface CleanEvent {
  readonly type: Kind;
  readonly data: object;
  readonly timestamp: number;
}
