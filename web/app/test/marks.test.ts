import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findMarks } from '../src/lib/replay/marks.ts';
import { joinRuns, readTrace } from '../src/lib/replay/trace.ts';

interface Case {
  name: string;
  events: object[];
  clicks: [at: number, kind: string][];
}

/** The server's heatmaps are held to the same cases. */
const fixture = join(import.meta.dirname, '../../../fixtures/recording/marks.json');
const { begin, end, cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { begin: object[]; end: object[]; cases: Case[] };

test.each(cases)('clicks: $name', ({ events, clicks }) => {
  const lines = [...begin, ...events, ...end].map((event) => JSON.stringify(event)).join('\n');
  const marks = findMarks(joinRuns([readTrace(lines)]), []);
  const found = marks.filter(({ kind }) => kind === 'click' || kind === 'dead').map(({ kind, at }) => ({ kind, at }));
  // The timeline marks an outburst once, at its third click, with how many they are.
  for (const { at, word } of marks.filter(({ kind }) => kind === 'rage')) {
    const third = found.findIndex((click) => click.at === at);
    for (const click of found.slice(third, third + Number(word) - 2)) click.kind = 'rage' as never;
  }
  expect(found.map(({ kind, at }) => [at, kind === 'click' ? 'plain' : kind])).toEqual(clicks);
});
