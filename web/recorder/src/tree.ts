/**
 * The page's tree as it was sent: by number each node's parent, tag and what it may hold. Every later change is judged
 * by where it stands here, as the snapshot was; a number that is not here was never sent and is not known to anyone.
 */

export const enum Flag {
  Text = 1,
  /** A form control, or a region that takes text: whatever is inside is masked. */
  Form = 2,
  /** Nothing inside travels: boxes, editable regions, outputs. */
  Sealed = 4,
  /** Text is starred although the site lets it pass. */
  Starred = 8,
  /** Input events are not sent. */
  Ignored = 16,
  Box = 32,
  Svg = 64,
  /** Its text was sent as the constant mask: once more would only tell when. */
  Masked = 128,
  /** Its value was sent as the mask. */
  Valued = 256,
  /** It stands at the top of a shadow tree. */
  Shadow = 512,
}

export interface Entry {
  readonly id: number;
  parent: number;
  readonly tag: string;
  flags: number;
  children?: Set<number>;
  /** When the last input event was sent. */
  inputAt?: number;
}

const DEPTH_MAX = 512;

export class Tree {
  private readonly entries = new Map<number, Entry>();

  get size(): number {
    return this.entries.size;
  }

  clear(): void {
    this.entries.clear();
  }

  get(id: number): Entry | undefined {
    return this.entries.get(id);
  }

  add(id: number, parent: number, tag: string, flags: number): Entry {
    this.remove(id);
    const entry: Entry = { id, parent, tag, flags };
    this.entries.set(id, entry);
    const above = this.entries.get(parent);
    if (above) {
      above.children ??= new Set();
      above.children.add(id);
    }
    return entry;
  }

  remove(id: number): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    this.entries.get(entry.parent)?.children?.delete(id);
    this.holds(entry, (going) => void this.entries.delete(going.id));
  }

  /** Whether the node, or anything in it, is wanted. */
  holds(entry: Entry, isWanted: (entry: Entry) => unknown): boolean {
    const within = [entry];
    for (let next = within.pop(); next; next = within.pop()) {
      if (isWanted(next)) return true;
      for (const child of next.children ?? []) {
        const below = this.entries.get(child);
        if (below) within.push(below);
      }
    }
    return false;
  }

  depth(entry: Entry): number {
    let depth = 0;
    for (let at: Entry | undefined = entry; at && depth <= DEPTH_MAX; at = this.entries.get(at.parent)) depth += 1;
    return depth;
  }

  /** Whether the node, or anything it stands in, has one of these flags. A chain without an end has them all. */
  isWithin(entry: Entry, flags: number): boolean {
    let at: Entry | undefined = entry;
    for (let depth = 0; at; depth += 1) {
      if (at.flags & flags || depth > DEPTH_MAX) return true;
      at = this.entries.get(at.parent);
    }
    return false;
  }
}
