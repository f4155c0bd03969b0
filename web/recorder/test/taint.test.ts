// The taint filter finds what was entered, however it is written.

import { expect, test } from "vitest";
import { NEEDLES_MAX, Taint, VALUE_MAX } from "../src/taint";
import { element, Scene, text } from "./scene";

const VALUE = "Zq7 Kümmel-Brot";

function tainted(...values: string[]): Taint {
  const taint = new Taint();
  for (const value of values) taint.add(value);
  return taint;
}

const bytes = (value: string) => Buffer.from(value, "utf8");
test.each([
  ["as it is", "so zq7 Kümmel-Brot it is"],
  ["in upper case", VALUE.toUpperCase()],
  ["with other spaces", "Zq7\n \tKümmel - Brot"],
  ["a part", "Hello, Kümmel-Brot!"],
  ["as a token", "q-zq7kümmelbrot-x"],
  ["for an address", encodeURIComponent(VALUE)],
  ["for a form", new URLSearchParams({ q: VALUE }).toString()],
  ["twice escaped", encodeURIComponent(encodeURIComponent(VALUE))],
  ["for HTML", "K&uuml;mmel-Brot K&#252;mmel-Brot".replace("&uuml;", "&#xfc;")],
  ["for JSON", "K\\u00fcmmel"],
  ["for CSS", "K\\fc mmel"],
  ["backwards", [..."Zq7 Kümmel-Brot"].reverse().join("")],
  ["in hexadecimal", bytes(VALUE).toString("hex")],
  ["in base64", bytes(VALUE).toString("base64")],
  ["in base64, one on", bytes(`x${VALUE}`).toString("base64")],
  ["in base64, two on", bytes(`xy${VALUE}`).toString("base64")],
  ["decomposed", "Ku\u0308mmel"],
])("%s", (_, said) => {
  const taint = tainted(VALUE);
  expect(taint.isIn(said)).toBe(true);
  expect(taint.clean(said)).toContain("***");
});

test("what was not entered is left alone", () => {
  const said = "Ordinary text, 12 of 345: see http://example.com/a?b=c%20d";
  expect(tainted(VALUE).clean(said)).toBe(said);
});

test("every moment of a growing value is found", () => {
  const taint = new Taint();
  for (let length = 1; length <= 8; length += 1) {
    const value = "canary42".slice(0, length);
    taint.add(value);
    expect(taint.clean(`Hello ${value} there`)).toBe("Hello *** there");
  }
});

test("a hit masks all of the word that it stands in, and no more", () => {
  expect(tainted("cana").clean("so xcanary42y! it is")).toBe("so *** it is");
});

test("a card's number is found in groups, and its last four alone", () => {
  const taint = tainted("4111111111111234");
  expect(taint.clean("4111 1111 1111 1234 is it")).toBe(
    "*** *** *** *** is it".replace("*** *** *** ***", taint.clean("4111 1111 1111 1234")),
  );
  expect(taint.clean("4111 1111 1111 1234")).not.toMatch(/\d/);
  expect(taint.clean("ends in 1234")).toBe("ends in ***");
  expect(taint.clean("without its first: 1111111112")).toBe("without its first: ***");
});

test("values of one or two signs count as whole words", () => {
  expect(tainted("7").clean("Seats: 7 of 17")).toBe("Seats: *** of 17");
});

test("a value without letters and digits is found as it is", () => {
  expect(tainted("!?#-").isIn("is it !?#- then")).toBe(true);
});

test("a memory that is full masks everything", () => {
  const taint = new Taint();
  for (let number = 0; !taint.isFull && number < NEEDLES_MAX; number += 1) taint.add(`value${number * 7919}`);
  expect(taint.isFull).toBe(true);
  expect(taint.clean("anything")).toBe("***");
  expect(tainted("x".repeat(VALUE_MAX)).isFull).toBe(false);
  expect(tainted("x".repeat(VALUE_MAX + 1)).isFull).toBe(true);
});

test("full means that page text is masked although the site lets it pass", () => {
  const scene = new Scene();
  scene.taint.isFull = true;
  expect(scene.snapshot(element(9, "p", {}, text(10, "Canary says"))).childNodes[0]!.childNodes[0]!.textContent).toBe("***");
});

test("text, classes, ids, styles, tags and addresses are all looked through", () => {
  const scene = new Scene();
  scene.taint.add("canary42");
  const body = scene.snapshot(
    element(
      9,
      "p",
      { class: "a q-canary42", id: "canary42", style: "color:red;--v:canary42" },
      text(10, "No results for canary42"),
    ),
    element(11, "x-canary42"),
    element(12, "style", { _cssText: ".canary42{color:red}.b{animation-name:canary42;color:red}" }),
  );
  expect(JSON.stringify(body)).not.toContain("canary");
  expect(body.childNodes[0]!.attributes).toEqual({ class: "a", style: "color:red" });
  expect(body.childNodes[2]!.attributes._cssText).toBe("x{}\n.b{color:red}");
  const address = scene.pass({ type: 4, data: { href: "https://example.com/search/canary42/x", width: 1, height: 1 } });
  expect(address).toMatchObject({ href: "https://example.com/search/*/x" });
});

test("a value that stands in pieces is masked in each", () => {
  const scene = new Scene();
  scene.taint.add("canary42");
  scene.page.around = () => "canary42";
  expect(
    JSON.stringify(scene.snapshot(element(9, "p", {}, element(10, "b", {}, text(11, "cana")), text(12, "ry42")))),
  ).not.toMatch(/cana|ry42/);
});

test("in starred text too the mask has no length", () => {
  const scene = new Scene(false);
  scene.taint.add("canary42");
  expect(scene.snapshot(element(9, "p", {}, text(10, "Hi canary42"))).childNodes[0]!.childNodes[0]!.textContent).toBe("** ***");
});

test("a text that was sent before it was typed stays as it was: a mask would tell what was typed", () => {
  const scene = new Scene();
  const shown = (said: string) => scene.snapshot(element(9, "p", {}, text(10, said))).childNodes[0]!.childNodes[0]!.textContent;
  shown("Diseases of the heart");
  scene.taint.add("heart");
  expect(shown("Diseases of the heart")).toBe("Diseases of the heart");
  expect(shown("Your heart")).toBe("Your ***");
});

test("a class that was sent before it was typed keeps working", () => {
  const scene = new Scene();
  scene.snapshot(element(9, "p", { class: "column" }));
  scene.taint.add("col");
  expect(scene.snapshot(element(9, "p", { class: "column colour" })).childNodes[0]!.attributes).toEqual({ class: "column" });
});
