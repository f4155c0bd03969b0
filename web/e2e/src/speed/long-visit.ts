/**
 * A long visit of a shop, as a recorder writes it: three thousand nodes a page under a real style sheet, a mouse that moves, pages that
 * change while they are looked at, and a snapshot anew as often as the recorder takes one. Made up, and the same each time.
 */

const SECOND_MS = 1000;
/** As often the recorder takes a snapshot of a page that stays open. */
const SNAPSHOT_MS = 300 * SECOND_MS;
/** So long somebody stays on a page. */
const STAY_MS = 600 * SECOND_MS;
/** Events of so long go in one chunk. */
const CHUNK_MS = 60 * SECOND_MS;
const PRODUCTS = 180;
const PATHS = ["/", "/kettles", "/kettles/oak", "/basket"];

interface Tree {
  node: object;
  /** Texts, and elements of which the class changes. */
  texts: number[];
  cards: number[];
  body: number;
}

/** What is sent for one chunk. */
export interface SentChunk {
  v: 1;
  d: string;
  u: string;
  r: string;
  p: string;
  n: number;
  z?: 1;
  e: object[];
}

/** Numbers between 0 and 1, the same for the same seed. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function makeTree(path: string, sheet: string): Tree {
  let last = 0;
  const [texts, cards]: number[][] = [[], []];
  const element = (tagName: string, attributes: object, childNodes: object[]) => ({ type: 2, tagName, attributes, childNodes, id: ++last });
  const text = (textContent: string) => {
    texts!.push(++last);
    return { type: 3, textContent, id: last };
  };
  const card = (number: number) => {
    const made = element("article", { class: "card flex min-w-0 flex-col gap-3 rounded-md border p-4" }, [
      element("img", { class: "w-full", rr_width: "275px", rr_height: "130px" }, []),
      element("h2", { class: "truncate font-semibold text-sm" }, [text(`Kettle number ${number} of ${path}`)]),
      element("ul", { class: "flex flex-wrap gap-2 text-xs" }, ["copper", "two litres", "sent on Tuesday"].map((each) => element("li", { class: "rounded-sm px-2" }, [text(each)]))),
      element("p", { class: "text-soft text-sm", style: "line-height: 1.4; margin: 0px;" }, [text("Made by people we know, of what lasts, and mended for as long as we are here.")]),
      element("div", { class: "flex items-center justify-between" }, [
        element("span", { class: "numerals" }, [text(`${number} of 400`)]),
        element("button", { type: "button", class: "h-9 rounded-md px-3" }, [{ type: 3, textContent: "***", id: ++last }]),
      ]),
    ]);
    cards!.push(made.id);
    return made;
  };
  const head = element("head", {}, [element("style", { _cssText: sheet }, [])]);
  const main = element("main", { class: "mx-auto max-w-page px-4" }, [element("h1", {}, [text(`Kettles that last ${path}`)]), element("div", { class: "grid gap-4 md:grid-cols-3" }, Array.from({ length: PRODUCTS }, (_, each) => card(each)))]);
  const body = element("body", { class: "bg-paper text-ink" }, [main]);
  const html = element("html", { lang: "en" }, [head, body]);
  const node = { type: 0, childNodes: [{ type: 1, name: "html", publicId: "", systemId: "", id: ++last }, html], id: ++last };
  return { node, texts: texts!, cards: cards!, body: body.id };
}

/** All chunks of a visit of so many minutes that began at a moment, in order. */
export function makeLongVisit(domain: string, minutes: number, began: number, sheet: string, seed = 7): SentChunk[] {
  const random = makeRandom(seed);
  const name = (length: number, number: number) => `${seed}-${number}-`.padEnd(length, "A");
  const chunks: SentChunk[] = [];
  const ended = began + minutes * 60 * SECOND_MS;
  for (let page = 0, at = began; at < ended; page += 1) {
    const path = PATHS[page % PATHS.length]!;
    const tree = makeTree(path, sheet);
    const leaves = Math.min(ended, at + STAY_MS);
    const address = `https://${domain}${path}`;
    let snapshot = Number.NEGATIVE_INFINITY;
    for (let number = 0; at < leaves; number += 1) {
      const events: object[] = [];
      for (const until = Math.min(leaves, at + CHUNK_MS); at < until; at += SECOND_MS) {
        if (at - snapshot >= SNAPSHOT_MS) {
          snapshot = at;
          events.push({ type: 4, data: { href: address, width: 1280, height: 800 }, timestamp: at });
          events.push({ type: 2, data: { node: tree.node, initialOffset: { left: 0, top: 0 } }, timestamp: at });
        }
        events.push(...oneSecond(tree, at, random));
      }
      chunks.push({ v: 1, d: domain, u: address, r: name(22, 0), p: name(11, page + 1), n: number, ...(at >= leaves && { z: 1 }), e: events });
    }
  }
  return chunks;
}

/** The mouse moves, something is written anew, now and then somebody presses or scrolls. */
function oneSecond({ texts, cards, body }: Tree, at: number, random: () => number): object[] {
  const pick = (list: number[]) => list[Math.floor(random() * list.length)]!;
  const [x, y] = [Math.round(random() * 1200), Math.round(random() * 760)];
  const positions = [-450, -350, -250, -150, -50].map((timeOffset) => ({ x: Math.max(0, x + Math.round(timeOffset / 10)), y, id: body, timeOffset }));
  const event = (data: object, after: number) => ({ type: 3, data, timestamp: at + after });
  const change = (data: object, after: number) => event({ source: 0, texts: [], attributes: [], removes: [], adds: [], ...data }, after);
  const events = [event({ source: 1, positions }, 500), change({ texts: [{ id: pick(texts), value: `${Math.round(random() * 400)} of 400 are left` }] }, 600)];
  if (random() < 0.2) {
    const target = pick(cards);
    events.push(...[1, 0, 2].map((type) => event({ source: 2, type, id: target, x, y }, 700)));
    events.push(change({ attributes: [{ id: target, attributes: { class: random() < 0.5 ? "card in border-accent p-4" : "card p-4" } }] }, 720));
  }
  if (random() < 0.2) events.push(event({ source: 3, id: 1, x: 0, y: Math.round(random() * 8000) }, 800));
  return events;
}
