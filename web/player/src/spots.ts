/** Where on a page that stands still its elements are, and what they are called. Nothing of the page is changed. */
import type { Warm } from './heat.ts';
import { numberElements, ROOT } from './places.ts';
import type { Box, Point, Seen } from './protocol.ts';
import { isPlain, SEEN_MAX, WORDS_MAX } from './protocol/still.ts';

export interface Spot extends Box {
  element: number;
}

interface Placed {
  points: Warm[];
  /** The weight of what found no element here, and of what found one that is not to be seen. */
  lost: number;
  hidden: number;
  /** With most first. */
  seen: Spot[];
}

export class Spots {
  private readonly elements: Map<number, Element>;
  private readonly boxes = new Map<number, Spot | undefined>();

  constructor(
    page: Document,
    private readonly nameOf: (element: Element) => string | undefined,
    private readonly size: { width: number; height: number },
  ) {
    this.elements = numberElements(page.documentElement, nameOf);
  }

  place(points: readonly Point[]): Placed {
    const placed: Placed = { points: [], lost: 0, hidden: 0, seen: [] };
    const weights = new Map<Spot, number>();
    for (const [element, x, y, weight] of points) {
      if (!this.elements.has(element)) {
        placed.lost += weight;
        continue;
      }
      const spot = this.find(element);
      const at = spot && { x: spot.x + (x / 1000) * spot.width, y: spot.y + (y / 1000) * spot.height, weight };
      if (!at || at.x < 0 || at.y < 0 || at.x > this.size.width || at.y > this.size.height) {
        placed.hidden += weight;
        continue;
      }
      placed.points.push(at);
      weights.set(spot, (weights.get(spot) ?? 0) + weight);
    }
    placed.seen = [...weights].sort((a, b) => b[1] - a[1]).map(([spot]) => spot);
    return placed;
  }

  describe(spots: readonly Spot[]): Seen[] {
    return spots.slice(0, SEEN_MAX).map((spot) => {
      const element = this.elements.get(spot.element)!;
      const tag = spot.element === ROOT ? 'html' : (this.nameOf(element) ?? '');
      return { ...spot, tag: /^[a-z][a-z0-9-]{0,40}$/.test(tag) ? tag : 'other', words: wordsOf(element) };
    });
  }

  /** Where an element is; nothing where it takes no place or cannot be seen. */
  private find(number: number): Spot | undefined {
    if (this.boxes.has(number)) return this.boxes.get(number);
    const element = this.elements.get(number)!;
    const { left: x, top: y, width, height } = element.getBoundingClientRect();
    const shown = (width > 0 || height > 0) && (element.checkVisibility?.({ visibilityProperty: true }) ?? true);
    const spot = shown ? { element: number, x, y, width, height } : undefined;
    this.boxes.set(number, spot);
    return spot;
  }
}

/** The first words to be read in an element, in one line. */
function wordsOf(element: Element): string {
  const walk = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let words = '';
  for (let node = walk.nextNode(); node && words.length < 2 * WORDS_MAX; node = walk.nextNode()) {
    if (node.parentElement?.localName !== 'style') words += ` ${node.nodeValue?.slice(0, 2 * WORDS_MAX) ?? ''}`;
  }
  return shorten(words);
}

export function shorten(text: string): string {
  const line = text.replace(/[\p{Cf}]/gu, '').replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const short = line.length > WORDS_MAX ? `${line.slice(0, WORDS_MAX - 1).replace(/[\ud800-\udbff]$/, '')}…` : line;
  return isPlain(short) ? short : '';
}
