/**
 * The timeline: a browser's own slider, so that it works with every keyboard and screen reader, over a drawing of what happened. The
 * drawing says nothing that the list beside it does not say in words.
 */
import { useMemo } from 'react';
import type { Mark, MarkKind } from '../../lib/replay/marks.ts';
import { formatMoment, sayMoment } from '../../lib/replay/moment.ts';
import type { Span } from '../../lib/replay/quiet.ts';
import { MarkSign } from './mark-sign.tsx';
import { WORDS } from './messages.ts';

interface TimelineProps {
  at: number;
  started: number;
  ended: number;
  marks: readonly Mark[];
  quiet: readonly Span[];
  gaps: readonly Span[];
  onSeek: (at: number) => void;
}

/** More signs than this beside each other could not be told apart. */
const PLACES = 240;

export function Timeline({ at, started, ended, marks, quiet, gaps, onSeek }: TimelineProps) {
  const length = Math.max(1, ended - started);
  const share = (moment: number) => `${(100 * Math.min(length, Math.max(0, moment - started))) / length}%`;
  const signs = useMemo(() => thin(marks, started, length), [marks, started, length]);
  return (
    <div className="relative h-11 rounded-sm has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2">
      <div aria-hidden="true">
        <Spans spans={quiet} share={share} className="top-7 h-1 bg-paper/70" />
        <div className="absolute inset-x-0 top-7 -z-1 h-1 rounded-full bg-line" />
        <Spans spans={gaps} share={share} className="top-6 h-3 bg-hatch" />
        <div className="absolute top-7 left-0 h-1 rounded-full bg-accent" style={{ width: share(at) }} />
        {signs.map((mark) => (
          <span
            key={`${mark.kind} ${mark.at}`}
            className={`absolute -translate-x-1/2 ${mark.kind === 'page' || mark.kind === 'click' ? 'top-4' : 'top-1'}`}
            style={{ left: share(mark.at) }}
          >
            <MarkSign kind={mark.kind} />
          </span>
        ))}
        <span
          className="absolute top-[22px] size-4 -translate-x-1/2 rounded-full border-2 border-accent bg-paper"
          style={{ left: share(at) }}
        />
      </div>
      <input
        type="range"
        aria-label={WORDS.timeline}
        aria-valuetext={WORDS.of(sayMoment(at - started), sayMoment(length))}
        title={formatMoment(at - started)}
        min={0}
        max={length}
        step={1}
        value={at - started}
        className="absolute inset-0 m-0 size-full cursor-pointer opacity-0"
        onChange={(event) => onSeek(started + Number(event.target.value))}
      />
    </div>
  );
}

function Spans({ spans, share, className }: { spans: readonly Span[]; share: (at: number) => string; className: string }) {
  return spans.map(({ from, to }) => (
    <div
      key={from}
      className={`absolute ${className}`}
      style={{ left: share(from), width: `calc(${share(to)} - ${share(from)})` }}
    />
  ));
}

/** Of each kind one sign for each place. */
function thin(marks: readonly Mark[], started: number, length: number): Mark[] {
  const taken = new Set<string>();
  return marks.filter(({ kind, at }: { kind: MarkKind; at: number }) => {
    const place = `${kind} ${Math.round((PLACES * (at - started)) / length)}`;
    if (taken.has(place)) return false;
    taken.add(place);
    return true;
  });
}
