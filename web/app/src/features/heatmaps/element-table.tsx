/**
 * The elements on which most happened: the picture in figures. A row marks its element in the picture, and of clicks opens the
 * recordings in which they happened. What elements are called is a stranger's text.
 */
import type { Seen } from '@candor/player/protocol';
import { Fragment, type ReactNode, type Ref, useEffect, useMemo, useRef, useState } from 'react';
import { formatCompact, formatDuration, formatExact, formatPercent } from '../../lib/format.ts';
import { isOfClicks, measure, type PlaceLayer, type Sum } from '../../lib/heat/layers.ts';
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
const COLUMNS_OF_CLICKS = 5;

export function ElementTable({ layer, sums, seen, drawn, spot, onSpot, onMark, children }: ElementTableProps) {
  const [more, setMore] = useState(STEP);
  const total = sums.reduce((sum, each) => sum + measure(layer, each), 0);
  const names = useMemo(() => new Map(seen.map((each) => [each.element, each])), [seen]);
  const at = sums.findIndex(({ element }) => element === spot);
  const count = Math.max(more, at + 1);
  const opened = useRef<HTMLTableRowElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another one was opened, in the picture as well
  useEffect(() => {
    // Newer browsers answer with a promise: given back, it would be taken for what ends the effect.
    opened.current?.scrollIntoView({ block: 'nearest' });
  }, [spot]);
  return (
    <>
      <table aria-label={WORDS.elements(LAYER_WORDS[layer].label)} className="w-full table-fixed text-sm">
        <Head layer={layer} />
        <tbody onPointerLeave={() => onMark(spot)}>
          {sums.slice(0, count).map((sum, place) => (
            <Fragment key={sum.element}>
              <Row
                ref={sum.element === spot ? opened : undefined}
                layer={layer}
                sum={sum}
                share={measure(layer, sum) / Math.max(1, total)}
                name={<Name seen={names.get(sum.element)} drawn={drawn} place={place + 1} />}
                chosen={sum.element === spot}
                onChoose={() => onSpot(sum.element === spot ? undefined : sum.element)}
                onMark={() => onMark(sum.element)}
                onUnmark={() => onMark(spot)}
              />
              {sum.element === spot && children && (
                <tr className="border-line border-b">
                  <td colSpan={COLUMNS_OF_CLICKS} className="pt-1 pb-3">
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

function Head({ layer }: { layer: PlaceLayer }) {
  const { element, clicks, time, share, rage, dead } = WORDS.columns;
  const numbers: [string, string][] = isOfClicks(layer)
    ? [
        [clicks, 'w-14'],
        [share, 'w-14'],
        [rage, 'w-11'],
        [dead, 'w-11'],
      ]
    : [
        [time, 'w-20'],
        [share, 'w-14'],
      ];
  return (
    <thead>
      <tr className="border-line border-b text-faint text-xs">
        <th scope="col" className="h-8 text-left font-normal">
          {element}
        </th>
        {numbers.map(([word, width]) => (
          <th key={word} scope="col" className={`text-right font-normal ${width}`}>
            {word}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface RowProps {
  layer: PlaceLayer;
  sum: Sum;
  /** Of all of the layer, a part of one. */
  share: number;
  name: ReactNode;
  chosen: boolean;
  onChoose: () => void;
  onMark: () => void;
  onUnmark: () => void;
  ref?: Ref<HTMLTableRowElement>;
}

/** Of clicks something opens below it; of moves it is only marked. */
function Row({ layer, sum, share, name, chosen, onChoose, onMark, onUnmark, ref }: RowProps) {
  const clicked = isOfClicks(layer);
  return (
    <tr
      ref={ref}
      className="relative scroll-mt-16 border-line border-b hover:bg-wash has-focus-visible:bg-wash"
      onPointerEnter={onMark}
    >
      <th scope="row" className="p-0 text-left font-normal">
        <button
          type="button"
          {...{ [clicked ? 'aria-expanded' : 'aria-pressed']: chosen }}
          className={`flex min-h-9 w-full min-w-0 items-center gap-2 rounded-sm text-left outline-offset-[-2px] after:absolute after:inset-0 ${chosen ? 'font-semibold text-accent' : ''}`}
          onFocus={onMark}
          onBlur={onUnmark}
          onClick={onChoose}
        >
          {name}
        </button>
      </th>
      {clicked ? <Figure value={sum.clicks} /> : <Cell text={formatDuration(sum.ms / 1000)} />}
      <Cell text={formatPercent(100 * share, 0)} soft />
      {clicked && <Figure value={sum.rage} />}
      {clicked && <Figure value={sum.dead} />}
    </tr>
  );
}

/** The first words in it; where there are none, or only the mask, what kind of element it is. */
function Name({ seen, drawn, place }: { seen?: Seen; drawn: boolean; place: number }) {
  if (!seen) return <span className="py-1.5 text-faint">{drawn ? WORDS.unknown : WORDS.unnamed(place)}</span>;
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
