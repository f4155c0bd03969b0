/**
 * The stretches of a recording: each is fetched once, first those that are wanted now, then quietly all others, so that the whole
 * timeline becomes known. The quiet part begins when something is to be seen, and never stands in the way of that. Kept as text for as
 * long as the player is open, up to a limit; what is read out of them is kept always.
 */
import { useEffect, useMemo, useState } from 'react';
import { readEvents } from '../../lib/recordings-api.ts';
import type { Stretch } from '../../lib/replay/stretches.ts';
import { readTrace, type Trace } from '../../lib/replay/trace.ts';

/** Signs of text that are kept; beyond that what was fetched longest ago is fetched again. */
const KEPT_MAX = 64_000_000;

interface Wanted {
  domain: string;
  id: string;
  stretches: readonly Stretch[];
  /** The stretch that the others are read from, once something is to be seen. */
  from: number | undefined;
}

export interface Stretches {
  load: (stretch: number) => Promise<string>;
  /** A place for each stretch; empty where it was not read yet. */
  traces: readonly (Trace | undefined)[];
}

export function useStretches({ domain, id, stretches, from }: Wanted): Stretches {
  const [traces, setTraces] = useState<ReadonlyMap<number, Trace>>(new Map());
  const store = useMemo(() => new Store(domain, id, stretches), [domain, id, stretches]);
  useEffect(() => () => store.leave(), [store]);

  const begun = from !== undefined;
  // Where somebody goes later on is fetched by itself; the order of the rest may stay.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is read when it begins
  useEffect(() => {
    if (!begun) return;
    let going = true;
    void (async () => {
      for (const stretch of inOrder(stretches.length, from)) {
        const events = await store.load(stretch).catch(() => undefined);
        await idle();
        if (!going) return;
        const trace = events && readTrace(events);
        if (trace) setTraces((known) => new Map(known).set(stretch, trace));
      }
    })();
    return () => {
      going = false;
    };
  }, [store, stretches, begun]);

  return {
    load: store.load,
    traces: useMemo(() => stretches.map((_, stretch) => traces.get(stretch)), [stretches, traces]),
  };
}

/** From one on to the end, then what lies before it. */
const inOrder = (count: number, from: number): number[] => Array.from({ length: count }, (_, each) => (from + each) % count);

const idle = () => new Promise<void>((done) => (globalThis.requestIdleCallback ?? setTimeout)(() => done()));

/** What was fetched, and is being fetched. */
class Store {
  private readonly kept = new Map<number, Promise<string>>();
  private readonly sizes = new Map<number, number>();
  private left = new AbortController();

  constructor(
    private readonly domain: string,
    private readonly id: string,
    private readonly stretches: readonly Stretch[],
  ) {}

  load = (stretch: number): Promise<string> => {
    const known = this.kept.get(stretch);
    if (known) return known;
    if (this.left.signal.aborted) this.left = new AbortController();
    const text = readEvents(this.domain, this.id, this.stretches[stretch]!.at, this.left.signal);
    this.kept.set(stretch, text);
    text.then(
      ({ length }) => this.keep(stretch, length),
      () => this.kept.delete(stretch),
    );
    return text;
  };

  leave(): void {
    this.left.abort();
  }

  private keep(stretch: number, size: number): void {
    const { sizes, kept } = this;
    sizes.set(stretch, size);
    let all = [...sizes.values()].reduce((sum, each) => sum + each, 0);
    for (const [oldest, each] of sizes) {
      if (all <= KEPT_MAX || oldest === stretch) break;
      kept.delete(oldest);
      sizes.delete(oldest);
      all -= each;
    }
  }
}
