/** What happened, in words and in order; each goes to its moment. Clicks that were answered are counted and not listed. */
import { useEffect, useRef } from 'react';
import type { Mark, MarkKind } from '../../lib/replay/marks.ts';
import { formatMoment } from '../../lib/replay/moment.ts';
import { MarkSign } from './mark-sign.tsx';
import { MARK_HELP, MARK_WORDS, WORDS } from './messages.ts';
import type { Played } from './use-playback.ts';

/** What lies a little before it is shown first. */
const LEAD_MS = 1500;

export function Happenings({ playback, state, marks, started, read, stretches }: Played) {
  const list = marks.filter(({ kind }) => kind !== 'click');
  const last = list.findLastIndex(({ at }) => at <= state.at);
  return (
    <section aria-label={WORDS.happenings} className="flex min-h-0 flex-col lg:absolute lg:inset-0">
      <div className="flex h-9 shrink-0 items-baseline justify-between gap-4 border-line border-b">
        <h2 className="font-semibold text-sm">{WORDS.happenings}</h2>
        {read < stretches && <p className="numerals text-faint text-xs">{WORDS.reading(read, stretches)}</p>}
      </div>
      {list.length === 0 && <p className="py-3 text-faint text-sm">{WORDS.nothing}</p>}
      <ol className="max-h-80 min-h-0 flex-1 overflow-y-auto lg:max-h-none">
        {list.map((mark, index) => (
          <Happening
            key={`${mark.kind} ${mark.at}`}
            mark={mark}
            moment={formatMoment(mark.at - started)}
            current={index === last}
            onGo={() => playback.seek(mark.kind === 'page' ? mark.at : mark.at - LEAD_MS)}
          />
        ))}
      </ol>
    </section>
  );
}

interface HappeningProps {
  mark: Mark;
  moment: string;
  current: boolean;
  onGo: () => void;
}

function Happening({ mark, moment, current, onGo }: HappeningProps) {
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const [each, list] = [line.current, line.current?.parentElement];
    if (!current || !each || !list) return;
    const away = each.offsetTop < list.scrollTop || each.offsetTop + each.offsetHeight > list.scrollTop + list.clientHeight;
    if (away) list.scrollTop = each.offsetTop - list.clientHeight / 2;
  }, [current]);
  return (
    <li ref={line} className="relative">
      <button
        type="button"
        aria-current={current ? 'step' : undefined}
        title={MARK_HELP[mark.kind]}
        className="flex min-h-9 w-full items-center gap-2.5 border-line border-b px-1.5 py-1.5 text-left text-sm hover:bg-wash aria-[current]:bg-wash"
        onClick={onGo}
      >
        <MarkSign kind={mark.kind} />
        <span className="wrap-anywhere min-w-0 flex-1">{describe(mark)}</span>
        <span className="numerals text-faint text-xs">{moment}</span>
      </button>
    </li>
  );
}

function describe({ kind, word }: Mark): string {
  if (kind === 'page') return word ?? '/';
  const name = MARK_WORDS[kind][0];
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  if (kind === 'rage') return `${capital}, ${word} times`;
  return word ? `${capital} ${word}` : capital;
}

/** How many there are of each kind that is there at all; the key to the timeline's signs. */
export function Legend({ marks }: { marks: readonly Mark[] }) {
  const kinds = (Object.keys(MARK_WORDS) as MarkKind[]).map((kind) => ({
    kind,
    count: marks.filter((mark) => mark.kind === kind).length,
  }));
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-soft text-xs">
      {kinds
        .filter(({ count }) => count > 0)
        .map(({ kind, count }) => (
          <li key={kind} title={MARK_HELP[kind]} className="flex items-center gap-1.5">
            <MarkSign kind={kind} />
            <span className="numerals">
              {count} {MARK_WORDS[kind][count === 1 ? 0 : 1]}
            </span>
          </li>
        ))}
    </ul>
  );
}
