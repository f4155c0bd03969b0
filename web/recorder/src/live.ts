/** The page as it is now, for the veil's questions, by the numbers that the capture gave its nodes. */

import type { Page } from "./page";

export interface Numbers {
  getNode(id: number): Node | null;
  getId(node: Node): number;
}

/** What the site's owner keeps back beyond what the page's marks say; each a valid selector or nothing. */
export interface Selectors {
  readonly star?: string;
  readonly ignore?: string;
}

/** From so many keys on a group of them is a pad: a telephone's has ten, a card's reader nine and more. */
const KEYS_MIN = 9;
const KEY_SIGNS_MAX = 2;
const ZONE_LEVELS = 4;
const ZONE_NODES_MAX = 300;
/** How long a look at a pad is good for: the pointer asks for every place that it passes. */
const ZONE_MS = 2_000;
const PICTURES = "canvas,iframe,frame,object,embed,applet";

export class LivePage implements Page {
  private readonly zones = new WeakMap<Element, { at: number; zone: Element | undefined }>();

  constructor(
    private readonly numbers: Numbers,
    private readonly selectors: Selectors,
  ) {}

  following(id: number, isWanted: (id: number) => boolean): number | null {
    for (let node = this.numbers.getNode(id); node; node = node.nextSibling) {
      const number = this.numbers.getId(node);
      if (number > 0 && isWanted(number)) return number;
    }
    return null;
  }

  size(id: number): readonly [number, number] | undefined {
    const box = this.element(id)?.getBoundingClientRect();
    return box && [box.width, box.height];
  }

  sheet(id: number): string | undefined {
    try {
      const rules = (this.element(id) as HTMLStyleElement | undefined)?.sheet?.cssRules;
      return rules && Array.from(rules, (rule) => rule.cssText).join("\n");
    } catch {
      return undefined;
    }
  }

  styleOf(textId: number): number | undefined {
    const parent = this.numbers.getNode(textId)?.parentNode;
    return parent?.nodeName === "STYLE" ? this.numbers.getId(parent) : undefined;
  }

  style(id: number): string | undefined {
    return this.element(id)?.getAttribute("style") ?? undefined;
  }

  isDesigned(): boolean {
    return document.designMode === "on";
  }

  isFormElement(tag: string): boolean {
    return tag.includes("-") && (customElements.get(tag) as { formAssociated?: boolean } | undefined)?.formAssociated === true;
  }

  isStarred(id: number): boolean {
    return this.matches(id, this.selectors.star);
  }

  isIgnored(id: number): boolean {
    return this.matches(id, this.selectors.ignore);
  }

  zone(id: number): { id: number; x: number; y: number } | undefined {
    const element = this.element(id);
    const zone = element && this.zoneOf(element);
    if (!zone) return undefined;
    const { left, top, width, height } = zone.getBoundingClientRect();
    return { id: this.numbers.getId(zone), x: left + width / 2, y: top + height / 2 };
  }

  zoneOf(element: Element): Element | undefined {
    const known = this.zones.get(element);
    const now = performance.now();
    if (known && now - known.at < ZONE_MS) return known.zone;
    const zone = element.closest(PICTURES) ?? padOf(element);
    this.zones.set(element, { at: now, zone });
    return zone;
  }

  private element(id: number): Element | undefined {
    const node = this.numbers.getNode(id);
    return node?.nodeType === Node.ELEMENT_NODE ? (node as Element) : undefined;
  }

  private matches(id: number, selector: string | undefined): boolean {
    return selector !== undefined && this.element(id)?.matches(selector) === true;
  }
}

/** The nearest group of keys that an element is in: many small things with one sign or two, or none, on each. */
function padOf(element: Element): Element | undefined {
  let at: Element | null = element;
  for (let level = 0; at && level <= ZONE_LEVELS; level += 1) {
    const inside: HTMLCollectionOf<Element> = at.getElementsByTagName("*");
    if (inside.length > ZONE_NODES_MAX) return undefined;
    let keys = 0;
    for (const one of inside) if (isKey(one)) keys += 1;
    if (keys >= KEYS_MIN) return at;
    at = at.parentElement;
  }
  return undefined;
}

function isKey(element: Element): boolean {
  if (element.childElementCount > 0) return false;
  const signs = (element.textContent ?? "").trim().length;
  return signs > 0
    ? signs <= KEY_SIGNS_MAX
    : /^(?:button|img|input)$/i.test(element.nodeName) || element.getAttribute("role") === "button";
}

/** What is written on a key. */
export const keyOf = (element: Element): string => (element.textContent ?? "").trim().slice(0, KEY_SIGNS_MAX);
