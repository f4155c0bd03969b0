// The veil: what stands where decides what of it leaves.

import { expect, test } from "vitest";
import { Kind, Source } from "../src/raw";
import { element, NOW, Scene, text } from "./scene";

test.each(["input", "textarea", "select", "option", "output", "button", "meter", "progress", "datalist", "optgroup"])(
  "a %s can hold nothing but the mask",
  (tag) => {
    const written = JSON.stringify(
      new Scene().snapshot(
        element(9, tag, { value: "Canary", checked: true, selected: true, title: "Canary" }, text(10, "Canary")),
      ),
    );
    expect(written).not.toMatch(/Canary|checked|selected|title/);
  },
);

test.each([
  [{ role: "textbox" }],
  [{ role: "presentation combobox" }],
  [{ role: "Listbox" }],
  [{ contenteditable: "" }],
  [{ contenteditable: "TRUE" }],
  [{ contenteditable: "plaintext-only" }],
])("an element with %j masks all that is inside it", (attributes) => {
  const written = new Scene().snapshot(element(9, "div", attributes, element(10, "p", { class: "note" }, text(11, "Canary"))));
  expect(JSON.stringify(written)).not.toContain("Canary");
});

test("a value that is a number elsewhere is none inside a form", () => {
  const scene = new Scene();
  const body = scene.snapshot(
    element(9, "li", { value: "3" }),
    element(10, "div", { role: "listbox" }, element(11, "li", { value: "3" })),
  );
  expect([body.childNodes[0]!.attributes, body.childNodes[1]!.childNodes[0]!.attributes]).toEqual([{ value: "3" }, {}]);
});

test("white space in a form stays, text becomes the constant", () => {
  const button = new Scene().snapshot(
    element(9, "button", {}, text(10, "\n  "), element(11, "b", {}, text(12, "Pay 12 to Ivan"))),
  ).childNodes[0]!;
  expect(button.childNodes[0]!.textContent).toBe(" ");
  expect(button.childNodes[1]!.childNodes[0]!.textContent).toBe("***");
});

test("page text is starred unless the site chose otherwise", () => {
  const said = (isClear: boolean) =>
    new Scene(isClear).snapshot(element(9, "p", {}, text(10, "Hello, world"))).childNodes[0]!.childNodes[0]!.textContent;
  expect(said(false)).toBe("****** *****");
  expect(said(true)).toBe("Hello, world");
});

test("marks star text, empty boxes and silence fields, and what is marked later too", () => {
  const scene = new Scene();
  const body = scene.snapshot(
    element(9, "p", { "data-candor-mask": "" }, text(10, "Canary")),
    element(11, "div", { "data-candor-block": "" }, text(12, "Canary")),
    element(13, "input", { "data-candor-ignore": "" }),
    element(14, "p", {}, text(15, "before")),
  );
  expect(JSON.stringify(body)).not.toContain("Canary");
  expect(scene.change({ source: Source.Input, id: 13 })).toBeUndefined();
  scene.mutate({ attributes: [{ id: 14, attributes: { "data-candor-mask": "" } }] });
  expect(scene.mutate({ texts: [{ id: 15, value: "Canary" }] })!.texts).toEqual([{ id: 15, value: "******" }]);
});

test("a key, an attribute or a tag that the dialect does not know does not leave", () => {
  const scene = new Scene();
  const odd = {
    ...element(9, "a", { href: "https://x.org/?q=Canary", "data-x": "Canary", onclick: "Canary", constructor: "Canary" }),
    canary: "Canary",
  };
  const script = element(10, "script", {}, text(11, "Canary"));
  const named = element(12, "canary.tag", {}, text(13, "plain"));
  const body = scene.snapshot(odd, script, named);
  expect(JSON.stringify(body)).not.toMatch(/canary|constructor/i);
  expect(body.childNodes.map(({ tagName }) => tagName)).toEqual(["a", "div"]);
});

test("boxes keep their size and nothing else, and nothing ever comes into them", () => {
  const scene = new Scene();
  scene.page.box = () => ({ left: 0, top: 0, width: 120.4, height: 80 });
  const body = scene.snapshot(
    element(9, "img", { src: "https://x.org/Canary.png", alt: "Canary", class: "round" }),
    element(10, "iframe", {}, text(11, "Canary")),
  );
  expect(body.childNodes[0]!.attributes).toEqual({ class: "round", rr_width: "120px", rr_height: "80px" });
  expect(body.childNodes[1]!.childNodes).toEqual([]);
  expect(
    scene.mutate({ adds: [{ parentId: 10, nextId: null, node: element(20, "p", {}, text(21, "Canary")) }] }),
  ).toBeUndefined();
  expect(scene.mutate({ texts: [{ id: 11, value: "Canary" }] })).toBeUndefined();
});

test("a field tells that something was entered once in a second, and never what", () => {
  const scene = new Scene();
  scene.snapshot(element(9, "input", { type: "text" }));
  const times = [0, 1, 500, 999, 1_000, 1_001, 2_500].filter((after) => {
    scene.now = NOW + after;
    return scene.change({ source: Source.Input, id: 9, text: "Canary", isChecked: true } as never);
  });
  expect(times).toEqual([0, 1_000, 2_500]);
  scene.now += 5_000;
  expect(scene.change({ source: Source.Input, id: 9 })).toEqual({ source: Source.Input, id: 9, text: "***", isChecked: false });
});

test("of a choice it is not told that it was made", () => {
  const scene = new Scene();
  scene.snapshot(element(9, "input", { type: "Radio" }), element(10, "input", { type: "checkbox" }));
  expect([9, 10].map((id) => scene.change({ source: Source.Input, id }))).toEqual([undefined, undefined]);
});

test("a value that is written into the attribute at every key is told once", () => {
  const scene = new Scene();
  scene.snapshot(element(9, "input", {}));
  const written = ["c", "ca", "can"].map((value) => scene.mutate({ attributes: [{ id: 9, attributes: { value } }] })?.attributes);
  expect(written).toEqual([[{ id: 9, attributes: { value: "***" } }], undefined, undefined]);
});

test("text inside a region that takes text is never told, nor are its lines", () => {
  const scene = new Scene();
  scene.snapshot(element(9, "div", { contenteditable: "true" }, element(10, "p", {}, text(11, "a"))));
  expect(
    scene.mutate({
      texts: [{ id: 11, value: "Canary" }],
      adds: [{ parentId: 9, nextId: null, node: element(12, "p") }],
      removes: [{ parentId: 9, id: 10 }],
    }),
  ).toBeUndefined();
});

test("a region that turns out to take text is one from then on, in later snapshots too", () => {
  const scene = new Scene();
  const body = element(9, "div", {}, text(10, "before"));
  scene.snapshot(body);
  scene.veil.entered(scene.now, 9);
  expect(scene.mutate({ texts: [{ id: 10, value: "Canary" }] })).toBeUndefined();
  expect(JSON.stringify(scene.snapshot(element(9, "div", {}, text(10, "Canary"))))).not.toContain("Canary");
});

test("where all of the document can be edited, all text is masked", () => {
  const scene = new Scene();
  scene.page.isDesigned = () => true;
  expect(JSON.stringify(scene.snapshot(element(9, "p", {}, text(10, "Canary"))))).not.toContain("Canary");
});

test("what nobody was sent cannot be changed, moved over or removed", () => {
  const scene = new Scene();
  scene.snapshot(element(9, "p"));
  expect(
    scene.mutate({
      texts: [{ id: 99, value: "Canary" }],
      attributes: [{ id: 99, attributes: { class: "x" } }],
      removes: [{ parentId: 3, id: 99 }],
    }),
  ).toBeUndefined();
  expect(scene.change({ source: Source.MouseMove, positions: [{ x: 1, y: 1, id: 99, timeOffset: 0 }] })).toBeUndefined();
  expect(scene.change({ source: Source.MouseInteraction, type: 2, id: 99, x: 1, y: 1 })).toBeUndefined();
});

test("before the first snapshot nothing leaves but the page's address", () => {
  const scene = new Scene();
  expect(scene.mutate({ adds: [{ parentId: 3, nextId: null, node: element(9, "p") }] })).toBeUndefined();
  expect(
    scene.pass({ type: 4, data: { href: "https://example.com/orders/4711/ivan%40x.org?q=1#z", width: 800.5, height: 600 } }),
  ).toEqual({
    href: "https://example.com/orders/*/*",
    width: 801,
    height: 600,
    h: 0,
  });
});

test("events that the dialect does not know do not leave", () => {
  const scene = new Scene();
  scene.snapshot();
  for (const type of [0, 1, 6, 7, 8]) expect(scene.pass({ type, data: { plugin: "Canary" } })).toBeUndefined();
  for (const source of [7, 9, 10, 11, 14, 16, 17]) expect(scene.change({ source, id: 3 } as never)).toBeUndefined();
  expect(scene.pass({ type: 5, data: { tag: "error", payload: { message: "Canary" } } })).toEqual({ tag: "error", payload: {} });
  expect(scene.pass({ type: 5, data: { tag: "Canary" } })).toBeUndefined();
});

test("a sibling that was dropped is stepped over", () => {
  const scene = new Scene();
  scene.snapshot(element(9, "script"), element(10, "p"));
  scene.page.following = (_, isWanted) => [11, 10].find(isWanted) ?? null;
  expect(scene.mutate({ adds: [{ parentId: 3, nextId: 9, node: element(12, "p") }] })!.adds[0]!.nextId).toBe(10);
});

test("a click in a zone tells of the zone, once in a second, and moves over it nothing", () => {
  const scene = new Scene();
  scene.snapshot(element(9, "div", {}, element(10, "span", {}, text(11, "5"))));
  scene.page.zone = (id) => (id === 10 ? { id: 9, x: 50, y: 60 } : undefined);
  const press = (type: number) => scene.change({ source: Source.MouseInteraction, type, id: 10, x: 3, y: 4 });
  expect([0, 1, 5, 7].map(press)).toEqual([undefined, undefined, undefined, undefined]);
  expect(press(2)).toMatchObject({ source: Source.MouseInteraction, type: 2, id: 9, x: 50, y: 60 });
  scene.now += 999;
  expect(press(2)).toBeUndefined();
  expect(scene.change({ source: Source.MouseMove, positions: [{ x: 1, y: 1, id: 10, timeOffset: 0 }] })).toBeUndefined();
});

test("text of one or two signs is starred everywhere", () => {
  expect(new Scene().snapshot(element(9, "span", {}, text(10, " 5 "))).childNodes[0]!.childNodes[0]!.textContent).toBe(" * ");
});

test("a stop beside words is told as long as nothing was entered, and stays as it was told", () => {
  const scene = new Scene();
  scene.page.isAlone = (id) => id === 13;
  const words = [". ", "?!", "5.", ".,"].map((word, at) => text(10 + at, word));
  const said = () =>
    scene.snapshot(element(9, "p", {}, ...words)).childNodes[0]!.childNodes.map(({ textContent }) => textContent);
  expect(said()).toEqual([". ", "?!", "**", "**"]);
  scene.enter("kanarie");
  scene.now += 60_000;
  expect(said()).toEqual([". ", "?!", "**", "**"]);
  const change = (value: string) => scene.mutate({ texts: [{ id: 10, value }] })?.texts[0]?.value;
  expect([",", ". "].map(change)).toEqual(["*", "* "]);
});

test("an event of the page is told by its name, where that is one and nothing of it was entered", () => {
  const scene = new Scene();
  const name = (name: unknown) =>
    (scene.pass({ type: Kind.Custom, data: { tag: "event", name } }) as { payload: object })?.payload;
  for (const plain of ["Sign up", "Покупка", "cart/add (2)", "a".repeat(120), "12345678"])
    expect(name(plain)).toEqual({ name: plain });
  for (const odd of ["a".repeat(121), "ivan@example.com", "123456789", "", undefined]) {
    expect(name(odd), String(odd)).toEqual({ name: "***" });
  }
  scene.enter("kanarie");
  scene.now += 2_000;
  expect(name("Found Kanarie")).toEqual({ name: "***" });
});

test("while something is entered one event in a second is told, and no number of it", () => {
  const scene = new Scene();
  const name = (name: string) =>
    (scene.pass({ type: Kind.Custom, data: { tag: "event", name } }) as { payload: object })?.payload;
  scene.enter("kanarie");
  expect(name("Typed 7")).toEqual({ name: "***" });
  scene.now += 999;
  expect(name("Sign up")).toBeUndefined();
  scene.now += 1;
  expect(name("Sign up")).toEqual({ name: "Sign up" });
  scene.now += 1_500;
  expect([name("Step 1"), name("Step 2")]).toEqual([{ name: "Step 1" }, { name: "Step 2" }]);
});
