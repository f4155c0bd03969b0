/** What is marked on the timeline: pages, clicks, clicks in anger, clicks that nothing answered, errors, events. Pure. */
import type { Click, Trace } from './trace.ts';

/** Clicks in anger: so many so near and so soon. */
export const RAGE = { clicks: 3, px: 30, ms: 1000 } as const;
/** A click that nothing answers for so long is dead. */
export const DEAD_MS = 2500;

export type MarkKind = 'page' | 'click' | 'rage' | 'dead' | 'error' | 'event';

export interface Mark {
  kind: MarkKind;
  at: number;
  /** The page's path, the event's name, or how many clicks. */
  word?: string;
}

interface Page {
  at: number;
  path: string;
}

/** `runs` are what is known, in time order; of what lies between them nothing is said. */
export function findMarks(runs: readonly Trace[], pages: readonly Page[]): Mark[] {
  const marks: Mark[] = pages.map(({ at, path }) => ({ kind: 'page', at, word: path }));
  for (const run of runs) {
    const outbursts = findOutbursts(run.clicks);
    marks.push(...findClicks(run, pages, new Set(outbursts.flat())));
    marks.push(
      ...outbursts.map((clicks) => ({ kind: 'rage' as const, at: clicks[RAGE.clicks - 1]!.at, word: String(clicks.length) })),
    );
    marks.push(...run.errors.map((at) => ({ kind: 'error' as const, at })));
    marks.push(...run.events.map(({ at, name }) => ({ kind: 'event' as const, at, ...(name && { word: name }) })));
  }
  return marks.sort((a, b) => a.at - b.at);
}

/** Of clicks in anger it is said once that they are; not of each that nothing answered it. */
function findClicks({ clicks, answers, to }: Trace, pages: readonly Page[], angry: ReadonlySet<Click>): Mark[] {
  let next = 0;
  return clicks.map((click) => {
    while (next < answers.length && answers[next]! < click.at) next += 1;
    const answer = answers[next];
    const until = click.at + DEAD_MS;
    const answered = (answer !== undefined && answer <= until) || pages.some(({ at }) => at > click.at && at <= until);
    // Where the recording ends first, nobody knows what would have followed.
    return { kind: answered || click.onField || angry.has(click) || to < until ? 'click' : 'dead', at: click.at };
  });
}

/** The clicks of each outburst, in a row. */
function findOutbursts(clicks: readonly Click[]): Click[][] {
  const outbursts: Click[][] = [];
  let first = 0;
  while (first < clicks.length) {
    const start = clicks[first]!;
    let count = 1;
    while (first + count < clicks.length) {
      const [before, next] = [clicks[first + count - 1]!, clicks[first + count]!];
      const near = Math.hypot(next.x - start.x, next.y - start.y) <= RAGE.px;
      // The first few must be within the time; after that each only soon after the one before.
      const soon = count < RAGE.clicks ? next.at - start.at <= RAGE.ms : next.at - before.at <= RAGE.ms;
      if (!near || !soon) break;
      count += 1;
    }
    const isOne = count >= RAGE.clicks;
    if (isOne) outbursts.push(clicks.slice(first, first + count));
    first += isOne ? count : 1;
  }
  return outbursts;
}
