/** One player for as long as the recording is on the screen, and what is known of its timeline. Its index may come after the frame. */
import { useEffect, useLayoutEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { findMarks } from '../../lib/replay/marks.ts';
import { Playback } from '../../lib/replay/playback.ts';
import { findQuiet } from '../../lib/replay/quiet.ts';
import type { RecordingIndex } from '../../lib/replay/recording.ts';
import { findStretch, type Stretch } from '../../lib/replay/stretches.ts';
import { joinRuns } from '../../lib/replay/trace.ts';
import { useStretches } from './use-stretches.ts';

interface Wanted {
  domain: string;
  id: string;
  index: RecordingIndex | undefined;
  /** Where it begins, counted from its beginning. */
  seconds: number;
}

const NO_STRETCHES: readonly Stretch[] = [];
const NO_PAGES: RecordingIndex['pages'] = [];

export function usePlayback({ domain, id, index, seconds }: Wanted) {
  const { stretches = NO_STRETCHES, pages = NO_PAGES, started = 0, ended = 0 } = index ?? {};
  const [playback] = useState(() => new Playback());
  const state = useSyncExternalStore(playback.subscribe, playback.read);
  const settled = state.turn > 0;
  const { load, traces } = useStretches({ domain, id, stretches, from: settled ? findStretch(stretches, state.at) : undefined });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address says where it begins, and nothing after that
  useLayoutEffect(() => {
    if (stretches.length === 0) return;
    playback.begin({ stretches, started, ended, load }, Math.min(ended, started + seconds * 1000));
  }, [playback, stretches, started, ended, load]);
  const runs = useMemo(() => joinRuns(traces), [traces]);
  const marks = useMemo(() => findMarks(runs, pages), [runs, pages]);
  const quiet = useMemo(() => findQuiet(runs, pages), [runs, pages]);
  useEffect(() => playback.setQuiet(quiet), [playback, quiet]);
  useEffect(() => () => playback.leave(), [playback]);
  const read = traces.filter((trace) => trace !== undefined).length;
  return { playback, state, marks, quiet, started, ended, read, stretches: traces.length };
}

export type Played = ReturnType<typeof usePlayback>;
