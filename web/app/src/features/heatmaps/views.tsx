/** The views of a page: how many, the picture, the legend, what the picture lacks, and the table beside it. */
import { useMemo } from 'react';
import { formatDuration, formatExact, formatInstant } from '../../lib/format.ts';
import { drawLayer, type Heatmap, isOfClicks, isOfPlaces, type LayerName, sumElements } from '../../lib/heat/layers.ts';
import type { HeatQuestion } from '../../lib/heat-api.ts';
import { DepthTable } from './depth-table.tsx';
import { ElementTable } from './element-table.tsx';
import { Legend } from './legend.tsx';
import { AMOUNT, LAYER_WORDS, WORDS } from './messages.ts';
import { Picture } from './picture.tsx';
import type { SideState } from './side.tsx';
import { Spot } from './spot.tsx';
import { type Shown, useStill } from './use-still.ts';

interface ViewsProps {
  heatmap: Heatmap;
  layer: LayerName;
  question: HeatQuestion;
  state: SideState;
  narrow: boolean;
  origin: string | null;
}

export function Views({ heatmap, layer, question, state, narrow, origin }: ViewsProps) {
  const drawing = useMemo(() => drawLayer(heatmap, layer), [heatmap, layer]);
  const shown = useStill(question.domain, heatmap.background, drawing, state.onSpot);
  const { peak = 0 } = shown.state.drawn ?? {};
  const spot = isOfPlaces(layer) ? state.spot : undefined;
  return (
    <>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-x-8 gap-y-2">
        <div className="text-sm">
          <p>{WORDS.views(formatExact(heatmap.views), formatExact(heatmap.recordings))}</p>
          <p className="max-w-prose text-faint text-xs">{LAYER_WORDS[layer].help}.</p>
        </div>
        <Legend heatmap={heatmap} layer={layer} peak={peak} />
      </div>
      <div className={narrow ? 'grid gap-5' : 'grid items-start gap-x-8 gap-y-5 lg:grid-cols-[minmax(0,1fr)_25rem]'}>
        <div className="min-w-0">
          <Picture origin={origin} background={heatmap.background} shown={shown} spot={spot} />
          <Remarks heatmap={heatmap} layer={layer} shown={shown} />
        </div>
        <div className={`min-w-0 ${isOfPlaces(layer) && !narrow ? 'lg:max-h-[max(30rem,82vh)] lg:overflow-y-auto lg:pr-2' : ''}`}>
          {isOfPlaces(layer) ? (
            <Elements {...{ heatmap, layer, question, state, shown }} />
          ) : (
            <DepthTable heatmap={heatmap} layer={layer} />
          )}
        </div>
      </div>
    </>
  );
}

interface ElementsProps extends Pick<ViewsProps, 'heatmap' | 'question' | 'state'> {
  layer: Parameters<typeof ElementTable>[0]['layer'];
  shown: Shown;
}

function Elements({ heatmap, layer, question, state, shown }: ElementsProps) {
  const sums = useMemo(() => sumElements(heatmap, layer), [heatmap, layer]);
  if (sums.length === 0) return <p className="py-8 text-soft text-sm">{WORDS.nothing(LAYER_WORDS[layer].label)}</p>;
  const { drawn } = shown.state;
  return (
    <ElementTable
      layer={layer}
      sums={sums}
      seen={drawn?.seen ?? []}
      drawn={drawn !== undefined}
      spot={state.spot}
      onSpot={state.onSpot}
      onMark={(element) => shown.still.mark(element)}
    >
      {isOfClicks(layer) && state.spot !== undefined && <Spot question={question} element={state.spot} kind={layer} />}
    </ElementTable>
  );
}

/** What is counted and not to be seen, and what is seen and not counted. */
function Remarks({ heatmap, layer, shown }: { heatmap: Heatmap; layer: LayerName; shown: Shown }) {
  const { lost = 0, hidden = 0 } = shown.state.drawn ?? {};
  const { recordings, matching, background } = heatmap;
  const write = (weight: number) =>
    isOfPlaces(layer) ? AMOUNT[layer](layer === 'moves' ? formatDuration(weight / 1000) : formatExact(weight)) : '';
  const remarks = [
    lost > 0 && WORDS.lost(write(lost)),
    hidden > 0 && WORDS.hidden(write(hidden)),
    matching > recordings && WORDS.capped(formatExact(recordings), formatExact(matching)),
    background && WORDS.background(formatInstant(new Date(background.at).toISOString())),
    WORDS.audited,
  ];
  return (
    <ul className="mt-2 text-faint text-xs">
      {remarks.filter(Boolean).map((remark) => (
        <li key={String(remark)}>{remark}</li>
      ))}
    </ul>
  );
}
