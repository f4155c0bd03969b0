/** A veil over a page that exists in the test only, and short ways to say what the capture would hand over. */

import type { Page } from "../src/page";
import { type CleanEvent, Kind, NodeKind, type RawChange, type RawEvent, type RawNode, Source } from "../src/raw";
import { Taint } from "../src/taint";
import { Veil } from "../src/veil";

export const NOW = Date.UTC(2026, 10, 26, 12);

export const text = (id: number, textContent: string): RawNode => ({ type: NodeKind.Text, id, textContent });

export function element(
  id: number,
  tagName: string,
  attributes: Record<string, unknown> = {},
  ...childNodes: RawNode[]
): RawNode {
  return { type: NodeKind.Element, id, tagName, attributes, childNodes };
}

export const documentOf = (...body: RawNode[]): RawNode => ({
  type: NodeKind.Document,
  id: 1,
  childNodes: [element(2, "html", {}, element(3, "body", {}, ...body))],
});

export class Scene {
  now = NOW;
  readonly taint = new Taint();
  readonly page: { -readonly [Name in keyof Page]: Page[Name] } = {
    following: () => null,
    countBefore: () => 0,
    box: () => undefined,
    height: () => 0,
    sheet: () => undefined,
    styleOf: () => undefined,
    style: () => undefined,
    around: () => undefined,
    isAlone: () => true,
    isDesigned: () => false,
    isFormElement: () => false,
    isStarred: () => false,
    isIgnored: () => false,
    zone: () => undefined,
  };
  readonly veil: Veil;

  constructor(isClear = true) {
    this.veil = new Veil(this.page, this.taint, {
      isClear,
      isProperty: (name, value = "inherit") =>
        /^[a-z-]+$/.test(name) && name !== "canary" && /^(?:inherit|none|solid|red|blue|green|teal|black|white)$/i.test(value),
    });
  }

  /** The body as it leaves in a snapshot. */
  snapshot(...body: RawNode[]): Written {
    const event = this.pass({ type: Kind.FullSnapshot, data: { node: documentOf(...body), initialOffset: { top: 0, left: 0 } } });
    return (event as { node: Written }).node.childNodes[0]!.childNodes[0]!;
  }

  /** A change as it leaves; undefined where nothing does. */
  change(data: RawChange): Record<string, unknown> | undefined {
    return this.pass({ type: Kind.Change, data }) as Record<string, unknown> | undefined;
  }

  mutate(change: { texts?: object[]; attributes?: object[]; removes?: object[]; adds?: object[] }): Mutated | undefined {
    const empty = { texts: [], attributes: [], removes: [], adds: [] };
    return this.change({ source: Source.Mutation, ...empty, ...change } as RawChange) as Mutated | undefined;
  }

  enter(value: string): void {
    this.taint.add(value);
    this.veil.entered(this.now);
  }

  pass(event: object): object | undefined {
    const [told] = this.passAll(event);
    return told?.data;
  }

  /** All that leaves of an event, without the pauses. */
  passAll(event: object): CleanEvent[] {
    return [...this.veil.pass({ ...event, timestamp: this.now } as RawEvent)].filter((told) => told !== undefined);
  }
}

export interface Written {
  tagName: string;
  textContent?: string;
  attributes: Record<string, unknown>;
  childNodes: Written[];
}

export interface Mutated {
  texts: { id: number; value: string }[];
  attributes: { id: number; attributes: Record<string, unknown> }[];
  removes: object[];
  adds: { parentId: number; nextId: number | null; node: Written }[];
}
