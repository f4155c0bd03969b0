/** The shapes of the events that are played: our dialect's alone, as the recorder writes them. Moments are in milliseconds. */

export const FULL = 2;
export const CHANGE = 3;
export const META = 4;
export const CUSTOM = 5;

export const SOURCE = {
  mutation: 0,
  mouseMove: 1,
  mouse: 2,
  scroll: 3,
  resize: 4,
  input: 5,
  touchMove: 6,
  rule: 8,
  drag: 12,
  declaration: 13,
  adopted: 15,
} as const;

export interface PlayedEvent {
  type: typeof FULL | typeof CHANGE | typeof META | typeof CUSTOM;
  timestamp: number;
  data: Record<string, unknown>;
}

export type Attribute = string | number | boolean | null | Record<string, string | [string, string] | false>;

/** A node as the player rebuilds it. */
export type Node =
  | { type: 0; id: number; childNodes: Node[]; compatMode?: string }
  | { type: 1; id: number; name: string; publicId: string; systemId: string; rootId?: number; isShadow?: true }
  | {
      type: 2;
      id: number;
      tagName: string;
      attributes: Record<string, Attribute>;
      childNodes: Node[];
      isSVG?: true;
      isShadowHost?: true;
      isShadow?: true;
      rootId?: number;
    }
  | { type: 5; id: number; textContent: ''; isShadow?: true; rootId?: number }
  | { type: 3; id: number; textContent: string; isStyle?: true; isShadow?: true; rootId?: number };
