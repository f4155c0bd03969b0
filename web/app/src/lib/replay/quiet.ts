/** Stretches in which nobody did anything, which the player leaps over. Pure. */
import type { Trace } from './trace.ts';

/** Longer than this without anything done is quiet. */
export const QUIET_MS = 10_000;
/** So much of the quiet is shown after the last thing done and before the next. */
const EDGE_MS = 1000;

export interface Span {
  from: number;
  to: number;
}

/** Only within what is known: where events were not read yet, somebody may do something. */
export function findQuiet(runs: readonly Trace[], pages: readonly { at: number }[]): Span[] {
  return runs.flatMap(({ from, to, doings }) => {
    const inside = pages.map(({ at }) => at).filter((at) => at > from && at < to);
    const moments = [from, ...doings, ...inside, to].sort((a, b) => a - b);
    return moments.slice(1).flatMap((next, index) => {
      const before = moments[index]!;
      return next - before > QUIET_MS ? [{ from: before + EDGE_MS, to: next - EDGE_MS }] : [];
    });
  });
}

/** Where to leap to from a moment; nothing where something goes on. */
export function leapFrom(quiet: readonly Span[], at: number): number | undefined {
  return quiet.find(({ from, to }) => at >= from && at < to)?.to;
}
