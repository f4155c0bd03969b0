/** The parts a recording is loaded in: each begins with a full snapshot, from which the page can be built. Pure. */

export interface Stretch {
  /** The moment of its snapshot. */
  at: number;
}

/** The last that begins at or before a moment; the first for any moment before it. */
export function findStretch(stretches: readonly Stretch[], at: number): number {
  let [low, high] = [0, stretches.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (stretches[middle]!.at <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
