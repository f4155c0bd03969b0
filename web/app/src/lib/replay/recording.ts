/** A recording as the server tells of it, and as the player needs it. Pure. */
import type { Span } from './quiet.ts';
import type { Stretch } from './stretches.ts';

/** One line of the list. What is not known of the visitor is empty. */
export interface RecordingLine {
  id: string;
  /** By which all of one visitor are found. */
  visitor: string;
  started_at: string;
  ended_at: string;
  country: string;
  browser: string;
  os: string;
  device: string;
  pages: number;
  clicks: number;
  /** Parts that did not arrive. */
  gaps: number;
}

/** The server's index. Moments are milliseconds since 1970 by the visitor's clock, as the events have them. */
export interface AnsweredIndex {
  recording: RecordingLine;
  pages: { id: string; path: string; from: number; to: number }[];
  scenes: { page: string; from: number; to: number; playable: boolean }[];
  gaps: { page: string; first: number; last: number }[];
}

export interface RecordingIndex {
  line: RecordingLine;
  started: number;
  ended: number;
  pages: { at: number; path: string }[];
  stretches: Stretch[];
  /** Within them nothing was recorded. */
  silences: Span[];
  /** Of which pages how many parts are missing. */
  lost: { path: string; count: number }[];
}

/** Shorter than this it is only a page that loads. */
const SILENCE_MS = 5000;

/** Begins with the first moment that can be shown, and ends with the last. */
export function readIndex({ recording, pages, scenes, gaps }: AnsweredIndex): RecordingIndex {
  const playable = scenes.filter(({ playable }) => playable).sort((a, b) => a.from - b.from);
  const started = playable[0]?.from ?? 0;
  const ended = Math.max(started, ...playable.map(({ to }) => to));
  const silences: Span[] = [];
  let known = started;
  for (const { from, to } of playable) {
    if (from - known >= SILENCE_MS) silences.push({ from: known, to: from });
    known = Math.max(known, to);
  }
  const pathOf = new Map(pages.map(({ id, path }) => [id, path]));
  const lost = new Map<string, number>();
  for (const { page, first, last } of gaps) {
    const path = pathOf.get(page) ?? '';
    lost.set(path, (lost.get(path) ?? 0) + last - first + 1);
  }
  return {
    line: recording,
    started,
    ended,
    pages: pages.map(({ from, path }) => ({ at: Math.max(started, from), path })).sort((a, b) => a.at - b.at),
    stretches: playable.map(({ from }) => ({ at: from })),
    silences,
    lost: [...lost].map(([path, count]) => ({ path, count })),
  };
}
