/**
 * The stretches of a recording: each is fetched once, first those that are wanted now, then quietly all others, so that the whole
 * timeline becomes known. Kept as text for as long as the player is open, up to a limit; what is read out of them is kept always.
 */
import { useEffect, useMemo, useRef, useState } from 'react';
import { readEvents } from '../../lib/recordings-api.ts';
import type { Stretch } from '../../lib/replay/stretches.ts';
import { readTrace, type Trace } from '../../lib/replay/trace.ts';

/** Signs of text that are kept; beyond that what was fetched longest ago is fetched again. */
const KEPT_MAX = 64_000_000;

export interface Stretches {
  load: (stretch: number) => Promise<string>;
  /** A place for each stretch; empty where it was not read yet. */
  traces: readonly (Trace | undefined)[];
}

export function useStretches(domain: string, id: string, stretches: readonly Stretch[]): Stretches {
  const [traces, setTraces] = useState<readonly (Trace | undefined)[]>(() => stretches.map(() => undefined));
  const left = useRef(new AbortController());
  const load = useMemo(() => {
    const kept = new Map<number, Promise<string>>();
    const sizes = new Map<number, number>();
    const keep = (stretch: number, text: string) => {
      sizes.set(stretch, text.length);
      let all = [...sizes.values()].reduce((sum, size) => sum + size, 0);
      for (const [oldest, size] of sizes) {
        if (all <= KEPT_MAX || oldest === stretch) break;
        kept.delete(oldest);
        sizes.delete(oldest);
        all -= size;
      }
    };
    return (stretch: number): Promise<string> => {
      const known = kept.get(stretch);
      if (known) return known;
      const text = readEvents(domain, id, stretches[stretch]!.at, left.current.signal).then((events) => {
        keep(stretch, events);
        setTraces((before) => (before[stretch] ? before : before.map((each, at) => (at === stretch ? readTrace(events) : each))));
        return events;
      });
      kept.set(stretch, text);
      text.catch(() => kept.delete(stretch));
      return text;
    };
  }, [domain, id, stretches]);

  useEffect(() => {
    let going = true;
    left.current = new AbortController();
    const { current } = left;
    void (async () => {
      for (let stretch = 0; stretch < stretches.length && going; stretch += 1) {
        await new Promise((idle) => (globalThis.requestIdleCallback ?? setTimeout)(() => idle(undefined)));
        if (going) await load(stretch).catch(() => undefined);
      }
    })();
    return () => {
      going = false;
      current.abort();
    };
  }, [load, stretches]);

  return { load, traces };
}
