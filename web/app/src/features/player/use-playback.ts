/** One player for as long as the recording is on the screen, and what is known of its timeline. */
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { findMarks } from '../../lib/replay/marks.ts';
import { Playback } from '../../lib/replay/playback.ts';
import { findQuiet } from '../../lib/replay/quiet.ts';
import type { RecordingIndex } from '../../lib/replay/recording.ts';
import { findStretch } from '../../lib/replay/stretches.ts';
import { joinRuns } from '../../lib/replay/trace.ts';
import { useStretches } from './use-stretches.ts';

export function usePlayback(domain: string, index: RecordingIndex, seconds: number) {
  const { load, traces } = useStretches(domain, index.line.id, index.stretches);
  const { started, ended, pages } = index;
  const [playback] = useState(
    () =>
      new Playback({
        stretches: index.stretches,
        started,
        ended,
        load,
        at: Math.min(ended, started + seconds * 1000),
      }),
  );
  // Fetched while the frame is still on its way.
  useEffect(() => {
    load(findStretch(index.stretches, playback.read().at)).catch(() => undefined);
  }, [load, index.stretches, playback]);
  const state = useSyncExternalStore(playback.subscribe, playback.read);
  const runs = useMemo(() => joinRuns(traces), [traces]);
  const marks = useMemo(() => findMarks(runs, pages), [runs, pages]);
  const quiet = useMemo(() => findQuiet(runs, pages), [runs, pages]);
  useEffect(() => playback.setQuiet(quiet), [playback, quiet]);
  useEffect(() => () => playback.leave(), [playback]);
  const read = traces.filter((trace) => trace !== undefined).length;
  return { playback, state, marks, quiet, started, ended, read, stretches: traces.length };
}

export type Played = ReturnType<typeof usePlayback>;
