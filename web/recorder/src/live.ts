/** The page as it is now, for the veil's questions, by the numbers that the capture gave its nodes. */

import { countSigns, SHORT_MAX } from "./judge";
import type { Box, Page } from "./page";
import { Zones } from "./zones";

export interface Numbers {
  getNode(id: number): Node | null;
  getId(node: Node): number;
}

/** What the site's owner keeps back beyond what the page's marks say; each a valid selector or nothing. */
export interface Selectors {
  readonly star?: string;
  readonly ignore?: string;
}

/** Longer stretches than this are not put together: what was entered is not spread over them. */
const AROUND_MAX = 256;

export class LivePage implements Page {
  private readonly zones = new Zones();

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

  countBefore(id: number, isWanted: (id: number) => boolean): number {
    let count = 0;
    for (let beside = this.element(id)?.previousElementSibling; beside; beside = beside.previousElementSibling)
      if (isWanted(this.numbers.getId(beside))) count += 1;
    return count;
  }

  box(id: number): Box | undefined {
    return this.element(id)?.getBoundingClientRect();
  }

  height(): number {
    return document.scrollingElement?.scrollHeight ?? 0;
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
    const zone = element && this.zones.of(element);
    if (!zone) return undefined;
    const { left, top, width, height } = zone.getBoundingClientRect();
    return { id: this.numbers.getId(zone), x: left + width / 2, y: top + height / 2 };
  }

  around(textId: number): string | undefined {
    const near = this.numbers.getNode(textId)?.parentElement;
    for (const element of [near?.parentElement, near]) {
      const text = element?.textContent;
      if (text && text.length <= AROUND_MAX) return text;
    }
    return undefined;
  }

  isAlone(textId: number): boolean {
    const node = this.numbers.getNode(textId) as Text | null;
    const isWord = (beside?: Element | null) => countSigns(beside?.textContent ?? "") > SHORT_MAX;
    return !isWord(node?.previousElementSibling) && !isWord(node?.nextElementSibling);
  }

  private element(id: number): Element | undefined {
    const node = this.numbers.getNode(id);
    return node?.nodeType === Node.ELEMENT_NODE ? (node as Element) : undefined;
  }

  private matches(id: number, selector: string | undefined): boolean {
    return selector !== undefined && this.element(id)?.matches(selector) === true;
  }
}
