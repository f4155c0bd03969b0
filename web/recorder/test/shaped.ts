/**
 * Events as the capture gives them, with every string as it came, but built so that the gate can read them: what a recorder
 * of ours without its veil would send. What has no place in the dialect at all, such as a comment, is not there.
 */

import { CUSTOM } from "../src/dialect";
import { type CleanEvent, Kind, NodeKind, type RawChange, type RawEvent, type RawNode, Source } from "../src/raw";

type Values = Record<string, unknown>;

const SOURCES: ReadonlySet<number> = new Set([
  Source.Mutation,
  Source.MouseMove,
  Source.MouseInteraction,
  Source.Scroll,
  Source.ViewportResize,
  Source.Input,
  Source.TouchMove,
  Source.StyleSheetRule,
  Source.Drag,
  Source.StyleDeclaration,
  Source.AdoptedStyleSheet,
]);
/** By source, the keys beside it in the order in which the gate reads them; of the others all. */
const KEYS: Partial<Record<number, readonly string[]>> = {
  [Source.Input]: ["id", "text", "isChecked"],
  [Source.MouseInteraction]: ["type", "id", "x", "y", "pointerType"],
  [Source.Scroll]: ["id", "x", "y"],
};

/** The event; nothing where the dialect has none of its kind. */
export function shape(event: RawEvent): CleanEvent | undefined {
  const data = shapeData(event);
  return data && { type: event.type, data, timestamp: Math.round(event.timestamp) };
}

function shapeData({ type, data }: RawEvent): object | undefined {
  if (type === Kind.FullSnapshot) return { node: shapeNode(data.node), initialOffset: data.initialOffset };
  if (type === Kind.Meta) return { href: data.href, width: data.width, height: data.height };
  if (type === Kind.Custom) return CUSTOM.has(data.tag) ? { tag: data.tag, payload: {} } : undefined;
  return type === Kind.Change ? shapeChange(data) : undefined;
}

function shapeChange(data: RawChange): object | undefined {
  if (!SOURCES.has(data.source)) return undefined;
  const { source, ...told } = data as { source: number } & Values;
  if (data.source !== Source.Mutation) return { source, ...pick(told, KEYS[source] ?? Object.keys(told)) };
  return {
    source,
    removes: data.removes,
    adds: data.adds.flatMap(({ parentId, nextId, node }) => {
      const shaped = shapeInner(node);
      return shaped ? [{ parentId, nextId, node: shaped }] : [];
    }),
    texts: data.texts.map(({ id, value }) => ({ id, value: value ?? "" })),
    attributes: data.attributes,
  };
}

function shapeNode(node: RawNode): object | undefined {
  const { type, id } = node;
  switch (type) {
    case NodeKind.Document:
      return { type, id, childNodes: shapeAll(node), ...pick(node, ["compatMode"]) };
    case NodeKind.DocumentType:
      return { type, id, name: "html", publicId: "", systemId: "" };
    case NodeKind.Text:
      return { type, id, textContent: node.textContent ?? "", ...pick(node, ["isShadow"]) };
    case NodeKind.Element:
      return {
        type,
        id,
        tagName: node.tagName,
        attributes: node.attributes ?? {},
        childNodes: shapeAll(node),
        ...pick(node, ["isSVG", "isShadowHost", "isShadow"]),
      };
    default:
      return undefined;
  }
}

/** A document inside another is a frame's, which the dialect has no place for. */
const shapeInner = (node: RawNode): object | undefined => (node.type === NodeKind.Document ? undefined : shapeNode(node));
const shapeAll = ({ childNodes }: RawNode): object[] => (childNodes ?? []).flatMap((child) => shapeInner(child) ?? []);

function pick(from: object, keys: readonly string[]): Values {
  const values = from as Values;
  return Object.fromEntries(keys.filter((key) => values[key] !== undefined).map((key) => [key, values[key]]));
}
