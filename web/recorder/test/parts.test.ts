// What is larger than a request may be leaves in parts that a replay puts together again: nothing is missing, nothing out of order.

import { expect, test } from "vitest";
import { LIMITS } from "../src/dialect";
import { PART_BYTES } from "../src/nodes";
import { Kind, type RawNode, Source } from "../src/raw";
import { documentOf, element, Scene, text, type Written } from "./scene";

type Numbered = Written & { id: number };
interface Part {
  node?: Numbered;
  removes?: object[];
  adds?: { parentId: number; nextId: number | null; node: Numbered }[];
  texts?: object[];
  attributes?: object[];
}

/** Rows of cells, as many as fill so many bytes. */
function rows(bytes: number, words = "so many words of a page"): RawNode[] {
  return Array.from({ length: bytes / 2_000 }, (_, row) => {
    const id = 100 + row * 100;
    const cells = Array.from({ length: 10 }, (_, cell) =>
      element(id + 1 + cell * 2, "p", { class: "cell" }, text(id + 2 + cell * 2, words)),
    );
    return element(id, "section", {}, element(id + 50, "div", {}, ...cells));
  });
}

const snapshotOf = (scene: Scene, ...body: RawNode[]) =>
  scene.passAll({ type: Kind.FullSnapshot, data: { node: documentOf(...body), initialOffset: { top: 0, left: 0 } } });

/** Puts parts together as a replay does; the numbers of all nodes in their order. */
function together(parts: readonly Part[]): number[] {
  const known = new Map<number, Numbered>();
  const learn = (node: Numbered) => {
    known.set(node.id, node);
    for (const child of node.childNodes ?? []) learn(child as Numbered);
  };
  for (const { node, adds } of parts) {
    if (node) learn(node);
    for (const added of adds ?? []) {
      expect(added.node.childNodes ?? [], "a replay takes the node alone").toEqual([]);
      const { childNodes } = known.get(added.parentId)!;
      const next = childNodes.findIndex((child) => (child as Numbered).id === added.nextId);
      childNodes.splice(next < 0 ? childNodes.length : next, 0, added.node);
      learn(added.node);
    }
  }
  return order(known.get(1)!);
}

const order = (node: { id: number; childNodes?: object[] }): number[] => [
  node.id,
  ...(node.childNodes ?? []).flatMap((child) => order(child as Numbered)),
];

/** As the capture tells of what came: each node by itself. */
const flat = (
  parentId: number,
  nextId: number | null,
  node: RawNode,
): { parentId: number; nextId: number | null; node: RawNode }[] => [
  { parentId, nextId, node: { ...node, childNodes: [] } },
  ...(node.childNodes ?? []).flatMap((child) => flat(node.id, null, child)),
];

const sizeOf = (event: object) => new TextEncoder().encode(JSON.stringify(event)).length;

test("a page that is not large leaves in one", () => {
  expect(snapshotOf(new Scene(), ...rows(PART_BYTES / 2))).toHaveLength(1);
});

test.each([
  ["plain", "so many words of a page"],
  ["of another script", "так много слов на странице"],
])("a large page, %s, leaves in parts below what a request may hold", (_, words) => {
  const body = rows(4 * PART_BYTES, words);
  const told = snapshotOf(new Scene(), ...body);
  expect(told.length).toBeGreaterThan(3);
  expect(told.map(({ type }) => type)).toEqual([Kind.FullSnapshot, ...told.slice(1).map(() => Kind.Change)]);
  expect(new Set(told.map(({ timestamp }) => timestamp)).size).toBe(1);
  for (const event of told) expect(sizeOf(event)).toBeLessThan(2 * LIMITS.request_bytes);
  for (const { data } of told.slice(1))
    expect(data).toMatchObject({ source: Source.Mutation, texts: [], attributes: [], removes: [] });
  expect(together(told.map(({ data }) => structuredClone(data) as Part))).toEqual(order(documentOf(...body)));
});

test("a large addition leaves in parts, with what went before it and what changed after it", () => {
  const scene = new Scene();
  snapshotOf(scene, element(9, "p", {}, text(10, "old words")), element(11, "p"));
  const large = element(90, "main", {}, ...rows(3 * PART_BYTES));
  const told = scene.passAll({
    type: Kind.Change,
    data: {
      source: Source.Mutation,
      removes: [{ parentId: 3, id: 11 }],
      adds: [...flat(3, 9, large), { parentId: 3, nextId: null, node: element(91, "i") }],
      texts: [{ id: 10, value: "new words" }],
      attributes: [],
    },
  });
  const parts = told.map(({ data }) => data as Required<Part>);
  expect(parts.length).toBeGreaterThan(2);
  expect(parts.map(({ removes }) => removes.length)).toEqual([1, ...parts.slice(1).map(() => 0)]);
  expect(parts.map(({ texts }) => texts.length)).toEqual([...parts.slice(1).map(() => 0), 1]);
  const before: Part = { node: documentOf(element(9, "p", {}, text(10, "old words"))) as unknown as Numbered };
  expect(together([before, ...structuredClone(parts)])).toEqual(
    order(documentOf(large, element(9, "p", {}, text(10, "x")), element(91, "i"))),
  );
});

test("a large sheet is read with pauses, and leaves as it would without", () => {
  const rules = Array.from({ length: 1_000 }, (_, rule) => `.c${rule} {color:red}`).join("\n");
  const pausesOf = (_cssText: string) => {
    const scene = new Scene();
    const data = { node: documentOf(element(9, "style", { _cssText })), initialOffset: { top: 0, left: 0 } };
    return [...scene.veil.pass({ type: Kind.FullSnapshot, data, timestamp: scene.now } as never)];
  };
  expect(pausesOf(".c {color:red}")).toHaveLength(1);
  const given = pausesOf(rules);
  expect(given).toHaveLength(11);
  expect(JSON.stringify(given.at(-1)).match(/[.]c\d+ ?[{]color: ?red[}]/g)).toHaveLength(1_000);
});

test("a pause may be made every so many nodes", () => {
  const scene = new Scene();
  const data = { node: documentOf(...rows(100_000)), initialOffset: { top: 0, left: 0 } };
  const given = [...scene.veil.pass({ type: Kind.FullSnapshot, data, timestamp: scene.now } as never)];
  expect(given.filter((told) => told === undefined).length).toBeGreaterThan(9);
  expect(given.filter((told) => told !== undefined)).toHaveLength(1);
});
