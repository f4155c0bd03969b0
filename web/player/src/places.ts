/**
 * Which element of a rebuilt page a number means, as docs/heatmaps.md says: FNV-1a over where it stands. Nothing else of an
 * element goes into it. Elements that the rebuilding adds have no name here and are not counted.
 */

const OFFSET = 2166136261;
const PRIME = 16777619;
const encoder = new TextEncoder();

/** The number of `html` itself, whose address is empty. */
export const ROOT = OFFSET;

/** FNV-1a over the UTF-8 of a text, going on from the number of what stands before it. */
export function numberOf(text: string, before = OFFSET): number {
  let number = before;
  for (const byte of encoder.encode(text)) number = Math.imul(number ^ byte, PRIME);
  return number >>> 0;
}

/** As much of an element as counts. */
export interface Standing {
  children: ArrayLike<Standing>;
  shadowRoot?: { children: ArrayLike<Standing> } | null;
}

/** Every element below `html` by its number. `nameOf` is the tag that the page had, or nothing for what the page did not have. */
export function numberElements<E extends Standing>(html: E, nameOf: (element: E) => string | undefined): Map<number, E> {
  const found = new Map<number, E>([[ROOT, html]]);
  const left: { of: ArrayLike<Standing>; before: number; joint: string }[] = [{ of: html.children, before: ROOT, joint: '' }];
  for (let next = left.pop(); next; next = left.pop()) {
    const counts = new Map<string, number>();
    for (const child of Array.from(next.of) as E[]) {
      const name = nameOf(child);
      if (name === undefined) continue;
      const place = (counts.get(name) ?? 0) + 1;
      counts.set(name, place);
      const number = numberOf(`${next.joint}${name}:${place}`, next.before);
      if (!found.has(number)) found.set(number, child);
      left.push({ of: child.children, before: number, joint: '>' });
      if (child.shadowRoot) left.push({ of: child.shadowRoot.children, before: number, joint: '>>' });
    }
  }
  return found;
}
