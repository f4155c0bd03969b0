// Where something happened: elements are told by where they stand, points by where they are in them.

import { expect, test } from "vitest";
import places from "../../../fixtures/recording/places.json";
import { ROOT, readOn } from "../src/places";
import { Kind, type RawNode, Source } from "../src/raw";
import { element, Scene, text } from "./scene";

const numberOf = (address: string) => readOn(ROOT, address);

/** A page that knows which of its kind each element is, and where it is in the window. */
function sceneOf(...body: RawNode[]): Scene {
  const scene = new Scene();
  scene.snapshot(...body);
  scene.page.countBefore = (id, isWanted) => {
    const beside = Object.values(rows(body)).find((row) => row.includes(id)) ?? [];
    return beside.slice(0, beside.indexOf(id)).filter(isWanted).length;
  };
  scene.page.box = () => ({ left: 100, top: 50, width: 200, height: 400 });
  return scene;
}

function rows(nodes: readonly RawNode[]): number[][] {
  return [nodes.map(({ id }) => id), ...nodes.flatMap(({ childNodes }) => rows(childNodes ?? []))].filter((row) => row.length);
}

const click = (scene: Scene, id: number, x = 200, y = 150, type = 2) =>
  scene.change({ source: Source.MouseInteraction, type, id, x, y });
const move = (scene: Scene, ...positions: { id: number; x: number; y: number }[]) =>
  scene.change({ source: Source.MouseMove, positions: positions.map((one) => ({ ...one, timeOffset: 0 })) })?.positions;

test("an element has the number that everybody makes of its address", () => {
  for (const { address, element } of places) expect(numberOf(address), address).toBe(element);
});

test("an element stands among those of its kind, and in the tree of its host", () => {
  const host = {
    ...element(12, "x-card", {}, { ...element(13, "div", {}, element(14, "a"), element(15, "a")), isShadow: true }),
    isShadowHost: true,
  };
  const scene = sceneOf(element(9, "p"), text(10, "x"), element(11, "x-card"), host, element(16, "p", {}, element(17, "b")));
  expect(click(scene, 15)).toMatchObject({ el: numberOf("body:1>x-card:2>>div:1>a:2") });
  expect(click(scene, 17)).toMatchObject({ el: numberOf("body:1>p:2>b:1") });
  expect(click(scene, 3)).toMatchObject({ el: numberOf("body:1") });
  expect(click(scene, 2)).toMatchObject({ el: numberOf("") });
});

test("what the veil renamed or kept back stands under the name that was told, or not at all", () => {
  const scene = sceneOf(element(9, "odd.tag"), element(10, "script"), element(11, "div"), element(12, "script"));
  expect(click(scene, 11)).toMatchObject({ el: numberOf("body:1>div:2") });
});

test("a point is told in thousandths, to the edges of its element and not beyond them", () => {
  const scene = sceneOf(element(9, "p"));
  expect(click(scene, 9)).toMatchObject({ ex: 500, ey: 250 });
  expect(click(scene, 9, 100, 450)).toMatchObject({ ex: 0, ey: 1_000 });
  for (const [x, y] of [
    [99, 60],
    [301, 60],
    [150, 49],
    [150, 451],
  ] as const)
    expect(click(scene, 9, x, y)).not.toHaveProperty("el");
  expect(click(scene, 9, 100, 450)).toEqual({
    source: 2,
    type: 2,
    id: 9,
    x: 100,
    y: 450,
    el: numberOf("body:1>p:1"),
    ex: 0,
    ey: 1_000,
  });
});

test("only clicks and moves say where, and every position of a move says it by itself", () => {
  const scene = sceneOf(element(9, "p"), element(10, "p"));
  let looks = 0;
  const { box } = scene.page;
  scene.page.box = (id) => {
    looks += 1;
    return box(id);
  };
  for (const type of [0, 1, 3, 5, 7, 10]) expect(click(scene, 9, 200, 150, type)).not.toHaveProperty("el");
  const at = { x: 200, y: 150 };
  expect(move(scene, { id: 9, ...at }, { id: 9, x: 100, y: 50 }, { id: 10, ...at }, { id: 10, x: 0, y: 0 })).toEqual([
    { ...at, id: 9, timeOffset: 0, el: numberOf("body:1>p:1"), ex: 500, ey: 250 },
    { x: 100, y: 50, id: 9, timeOffset: 0, el: numberOf("body:1>p:1"), ex: 0, ey: 0 },
    { ...at, id: 10, timeOffset: 0, el: numberOf("body:1>p:2"), ex: 500, ey: 250 },
    { x: 0, y: 0, id: 10, timeOffset: 0 },
  ]);
  expect(looks).toBe(2);
});

test("on a pad of keys the place is the middle of the whole", () => {
  const scene = sceneOf(element(9, "div", {}, element(10, "b"), element(11, "b")));
  scene.page.zone = () => ({ id: 9, x: 200, y: 250 });
  expect(click(scene, 11)).toMatchObject({ id: 9, el: numberOf("body:1>div:1"), ex: 500, ey: 500 });
});

test("how tall the page is, is told with its size and with scrolls of the document, within a limit", () => {
  const scene = sceneOf(element(9, "div"));
  scene.page.height = () => 5_210.4;
  const scroll = (id: number) => scene.change({ source: Source.Scroll, id, x: 0, y: 10 });
  const meta = () => scene.pass({ type: Kind.Meta, data: { href: "https://example.com/", width: 800, height: 600 } });
  expect(scroll(1)).toEqual({ source: Source.Scroll, id: 1, x: 0, y: 10, h: 5_210 });
  expect(scroll(9)).toEqual({ source: Source.Scroll, id: 9, x: 0, y: 10 });
  expect(meta()).toEqual({ href: "https://example.com/", width: 800, height: 600, h: 5_210 });
  scene.page.height = () => 10_000_001;
  expect(meta()).toMatchObject({ h: 10_000_000 });
});

test("no size tells how much was entered: not of what is written into, nor of what answers, nor of what holds them", () => {
  const scene = sceneOf(
    element(9, "section", {}, element(10, "textarea")),
    element(11, "form", {}, element(12, "input"), element(13, "button")),
    element(14, "div", {}, element(15, "p", {}, text(16, "0 signs"))),
    element(17, "p"),
  );
  scene.page.height = () => 900;
  const height = () => scene.change({ source: Source.Scroll, id: 1, x: 0, y: 10 })?.h;
  expect([click(scene, 9), click(scene, 14)]).toMatchObject([{ ey: 250 }, { ey: 250 }]);
  scene.enter("kanarie");
  // What answers to it is not known yet: of what cannot hold it the middle is told, of moves nothing.
  expect(click(scene, 13)).toMatchObject({ el: numberOf("body:1>form:1>button:1"), ex: 500, ey: 500 });
  expect([move(scene, { id: 17, x: 200, y: 150 })]).toEqual([[{ x: 200, y: 150, id: 17, timeOffset: 0 }]]);
  scene.mutate({ texts: [{ id: 16, value: "7 signs" }] });
  scene.now += 2_000;
  for (const id of [3, 9, 11, 14, 15]) expect(click(scene, id), `${id}`).not.toHaveProperty("el");
  expect(click(scene, 17)).toMatchObject({ el: numberOf("body:1>p:1"), ex: 500, ey: 250 });
  expect(height()).toBeUndefined();
  scene.mutate({
    removes: [
      { parentId: 3, id: 9 },
      { parentId: 3, id: 14 },
    ],
  });
  expect(height()).toBe(900);
});
