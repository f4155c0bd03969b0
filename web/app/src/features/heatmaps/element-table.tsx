/**
 * The elements on which most happened: the picture in figures. A row marks its element in the picture, and opens the recordings in
 * which it happened. What elements are called is a stranger's text.
 */
import type { Seen } from '@candor/player/protocol';
import { Fragment, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { formatCompact, formatDuration, formatExact, formatPercent } from '../../lib/format.ts';
import { measure, type PlaceLayer, type Sum } from '../../lib/heat/layers.ts';
import { Button } from '../../ui/button.tsx';
import { LAYER_WORDS, WORDS } from './messages.ts';

interface ElementTableProps {
  layer: PlaceLayer;
  sums: readonly Sum[];
  seen: readonly Seen[];
  /** Whether the picture has been drawn, so that what it lacks is known. */
  drawn: boolean;
  spot?: number;
  onSpot: (element: number | undefined) => void;
  onMark: (element: number | undefined) => void;
  /** What stands below the row of the spot. */
  children?: ReactNode;
}

const STEP = 20;
const MASKED = /^[*\s]*$/;
const NUMBER = 'w-14 text-right font-normal';

export function ElementTable({ layer, sums, seen, drawn, spot, onSpot, onMark, children }: ElementTableProps) {
  const [more, setMore] = useState(STEP);
  const total = sums.reduce((sum, each) => sum + measure(layer, each), 0);
  const names = useMemo(() => new Map(seen.map((each) => [each.element, each])), [seen]);
  const at = sums.findIndex(({ element }) => element === spot);
  const count = Math.max(more, at + 1);
  const opened = useRef<HTMLTableRowElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another one was opened, in the picture as well
  useEffect(() => opened.current?.scrollIntoView({ block: 'nearest' }), [spot]);
  const figures = layer !== 'moves';
  return (
    <>
      <table aria-label={WORDS.elements(LAYER_WORDS[layer].label)} className="w-full table-fixed text-sm">
        <thead>
          <tr className="border-line border-b text-faint text-xs">
            <th scope="col" className="h-8 text-left font-normal">
              {WORDS.columns.element}
            </th>
            <th scope="col" className={NUMBER}>
              {figures ? WORDS.columns.clicks : WORDS.columns.time}
            </th>
            <th scope="col" className={NUMBER}>
              {WORDS.columns.share}
            </th>
            {figures && (
              <>
                <th scope="col" className="w-11 text-right font-normal">
                  {WORDS.columns.rage}
                </th>
                <th scope="col" className="w-11 text-right font-normal">
                  {WORDS.columns.dead}
                </th>
              </>
            )}
          </tr>
        </thead>
        <tbody onPointerLeave={() => onMark(spot)}>
          {sums.slice(0, count).map((sum, place) => (
            <Fragment key={sum.element}>
              <tr
                ref={sum.element === spot ? opened : undefined}
                className="relative scroll-mt-16 border-line border-b hover:bg-wash has-focus-visible:bg-wash"
                onPointerEnter={() => onMark(sum.element)}
              >
                <th scope="row" className="p-0 text-left font-normal">
                  <button
                    type="button"
                    aria-expanded={sum.element === spot}
                    className={`flex min-h-9 w-full min-w-0 items-center gap-2 rounded-sm text-left outline-offset-[-2px] after:absolute after:inset-0 ${sum.element === spot ? 'font-semibold text-accent' : ''}`}
                    onFocus={() => onMark(sum.element)}
                    onBlur={() => onMark(spot)}
                    onClick={() => onSpot(sum.element === spot ? undefined : sum.element)}
                  >
                    <Name seen={names.get(sum.element)} drawn={drawn} place={place + 1} />
                  </button>
                </th>
                {figures ? <Figure value={sum.clicks} /> : <Cell text={formatDuration(sum.ms / 1000)} />}
                <Cell text={formatPercent((100 * measure(layer, sum)) / Math.max(1, total), 0)} soft />
                {figures && <Figure value={sum.rage} />}
                {figures && <Figure value={sum.dead} />}
              </tr>
              {sum.element === spot && children && (
                <tr className="border-line border-b">
                  <td colSpan={figures ? 5 : 3} className="pt-1 pb-3">
                    {children}
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
      {count < sums.length && (
        <Button kind="line" className="mt-3" onClick={() => setMore(count + STEP)}>
          {WORDS.more(Math.min(STEP, sums.length - count))}
        </Button>
      )}
    </>
  );
}

/** The first words in it; where there are none, or only the mask, what kind of element it is. */
function Name({ seen, drawn, place }: { seen?: Seen; drawn: boolean; place: number }) {
  if (!seen) return <span className="truncate text-faint">{drawn ? WORDS.unknown : WORDS.unnamed(place)}</span>;
  const words = MASKED.test(seen.words) ? '' : seen.words;
  return (
    <>
      {words && (
        <bdi className="min-w-0 truncate" title={words}>
          {words}
        </bdi>
      )}
      <span className={`shrink-0 font-mono text-xs ${words ? 'text-faint' : 'text-soft'}`}>{seen.tag}</span>
    </>
  );
}

function Figure({ value }: { value: number }) {
  return <Cell text={formatCompact(value)} exact={formatExact(value)} soft={value === 0} />;
}

function Cell({ text, exact, soft }: { text: string; exact?: string; soft?: boolean }) {
  return (
    <td title={exact} className={`numerals text-right ${soft ? 'text-faint' : ''}`}>
      {text}
    </td>
  );
}
