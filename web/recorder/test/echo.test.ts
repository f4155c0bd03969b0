// What answers to something entered is masked, constantly, and stays so.

import { expect, test } from "vitest";
import { ECHO_MS } from "../src/echo";
import { Source } from "../src/raw";
import { element, Scene, text } from "./scene";

function counting(after: number) {
  const scene = new Scene();
  scene.snapshot(element(9, "p", { style: "width:10px" }, text(10, "93 characters left")));
  scene.veil.entered(scene.now);
  scene.now += after;
  return scene;
}

test("a counter that changes right after a key says nothing, and says it once", () => {
  const scene = counting(ECHO_MS);
  expect(scene.mutate({ texts: [{ id: 10, value: "92 characters left" }] })!.texts).toEqual([{ id: 10, value: "***" }]);
  expect(scene.mutate({ texts: [{ id: 10, value: "91 characters left" }] })).toBeUndefined();
});

test("a change that comes later is judged like any other", () => {
  const scene = counting(ECHO_MS + 1);
  expect(scene.mutate({ texts: [{ id: 10, value: "92 characters left" }] })!.texts[0]!.value).toBe("92 characters left");
});

test("a later snapshot does not bring back what was masked", () => {
  const scene = counting(0);
  scene.mutate({ texts: [{ id: 10, value: "92 characters left" }] });
  scene.now += 60_000;
  expect(scene.snapshot(element(9, "p", {}, text(10, "92 characters left"))).childNodes[0]!.childNodes[0]!.textContent).toBe(
    "***",
  );
});

test("what arrives right after a key is masked, with its measures", () => {
  const scene = counting(100);
  const node = element(20, "li", { style: "width:40px", class: "dot" }, text(21, "four signs"));
  const [add] = scene.mutate({ adds: [{ parentId: 3, nextId: null, node }] })!.adds;
  expect(add!.node.attributes).toEqual({ class: "dot" });
  expect(add!.node.childNodes[0]!.textContent).toBe("***");
});

test("a bar that grows with what is entered does not grow in the recording, nor in the next snapshot", () => {
  const scene = counting(100);
  scene.page.style = () => "width:40px";
  expect(scene.mutate({ attributes: [{ id: 9, attributes: { style: { width: "40px" } } }] })).toBeUndefined();
  expect(scene.snapshot(element(9, "p", { style: "width:40px" })).childNodes[0]!.attributes).toEqual({});
});

test("of several texts for one node only the last is told", () => {
  const scene = new Scene();
  scene.snapshot(element(9, "p", {}, text(10, "one")));
  expect(
    scene.mutate({
      texts: [
        { id: 10, value: "two" },
        { id: 10, value: "three" },
      ],
    })!.texts,
  ).toEqual([{ id: 10, value: "three" }]);
});

test("focus that jumps while fields fill up is not told, and a field's own scrolling never", () => {
  const scene = new Scene();
  scene.snapshot(element(9, "input"));
  const focus = () => scene.change({ source: Source.MouseInteraction, type: 5, id: 9 });
  expect(focus()).toBeDefined();
  scene.veil.entered(scene.now);
  expect(focus()).toBeUndefined();
  expect(scene.change({ source: Source.Scroll, id: 9, x: 40, y: 0 })).toBeUndefined();
});
