/**
 * One visit, as a person makes it: an article is read, a second one opened, then something is looked for in the orders, one is
 * opened, filled in and saved. Where, how long and how fast is drawn by the visit's number, the same for every recorder.
 */

import { setTimeout as pass } from "node:timers/promises";
import { ARTICLES } from "./pages/articles.mjs";
import { draws } from "./pages/random.mjs";

/** Between two places of the mouse: hands move on, recorders look when they like. */
const STEP_MS = 25;
const WORDS = ["lamp", "aalto", "graz", "shipped", "kettle", "fjord"];
const NOTES = ["please ring twice", "left at the door", "comes on friday", "call before"];

class Hand {
  #page;
  #random;
  #at = { x: 640, y: 400 };

  constructor(page, random) {
    this.#page = page;
    this.#random = random;
  }

  between(least, most) {
    return least + this.#random() * (most - least);
  }

  one(list) {
    return list[Math.floor(this.#random() * list.length)];
  }

  async move(to = { x: this.between(60, 1200), y: this.between(60, 740) }) {
    const { x, y } = this.#at;
    const steps = Math.ceil(this.between(10, 30));
    for (let step = 1; step <= steps; step += 1) {
      const share = (1 - Math.cos((Math.PI * step) / steps)) / 2;
      await this.#page.mouse.move(x + (to.x - x) * share + this.between(-2, 2), y + (to.y - y) * share + this.between(-2, 2));
      await pass(STEP_MS);
    }
    this.#at = to;
  }

  async press(selector) {
    const place = this.#page.locator(selector).first();
    await place.scrollIntoViewIfNeeded();
    const box = await place.boundingBox();
    await this.move({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    await this.#page.mouse.down();
    await pass(60);
    await this.#page.mouse.up();
  }

  async type(text) {
    await this.#page.keyboard.type(text, { delay: this.between(80, 180) });
  }

  async scroll(by) {
    const steps = Math.ceil(Math.abs(by) / 100);
    for (let step = 0; step < steps; step += 1) {
      await this.#page.mouse.wheel(0, Math.sign(by) * 100);
      await pass(40);
    }
  }

  /** Looks at something: now and then the mouse wanders, now and then the page is scrolled. */
  async look(ms, isLong) {
    const until = Date.now() + ms;
    while (Date.now() < until) {
      await pass(this.between(500, 2_500));
      const drawn = this.#random();
      if (drawn < 0.45) await this.move();
      else if (isLong && drawn < 0.9) await this.scroll(this.between(200, 900));
    }
  }
}

/** Makes visit `number` with the page at `origin`; how many milliseconds it took. */
export async function visit(page, origin, number) {
  const hand = new Hand(page, draws(number));
  const began = Date.now();
  const first = hand.one(Object.keys(ARTICLES));
  const second = hand.one(Object.keys(ARTICLES).filter((name) => name !== first));
  await page.goto(`${origin}/articles/${first}`, { waitUntil: "load" });
  await hand.look(hand.between(8_000, 20_000), true);
  await page.mouse.wheel(0, -20_000);
  await hand.press(`.site > nav a[href$=${second}]`);
  await page.waitForURL(`**/${second}`, { waitUntil: "load" });
  await hand.look(hand.between(5_000, 15_000), true);
  await hand.press("a.to-app");
  await page.waitForSelector(".order");
  await useOrders(page, hand);
  const took = Date.now() - began;
  await page.goto("about:blank");
  return took;
}

async function useOrders(page, hand) {
  await hand.look(3_000, false);
  await hand.press("#filter");
  await hand.type(hand.one(WORDS));
  await hand.look(2_000, false);
  await hand.press("#by-price");
  await hand.look(2_000, false);
  await hand.press("#next");
  await hand.look(2_000, false);
  await hand.press(".order");
  await hand.press("#name");
  await hand.type("Ivan Petrov");
  await page.selectOption("#when", "noon");
  await hand.press("#note");
  await hand.type(hand.one(NOTES));
  await hand.press("#save");
  await hand.look(3_000, false);
  await hand.press("#close");
  await hand.look(4_000, false);
}
