/** What the colours stand for, in figures. */
import { amountOf, colourOf, cssOf } from '@candor/player/palette';
import { formatDuration, formatExact, formatPercent } from '../../lib/format.ts';
import { type Heatmap, isOfPlaces, type LayerName, sharesOf } from '../../lib/heat/layers.ts';
import { WORDS } from './messages.ts';

const STEPS = 12;
/** Parts of the page are drawn less bright than this, so that the page is seen under them. */
const BANDS_MOST = 0.82;

interface LegendProps {
  heatmap: Heatmap;
  layer: LayerName;
  /** How much is within reach of the warmest place. */
  peak: number;
}

export function Legend({ heatmap, layer, peak }: LegendProps) {
  const figures = figuresOf(heatmap, layer, peak);
  if (!figures) return null;
  const most = isOfPlaces(layer) ? 1 : BANDS_MOST;
  const stops = Array.from({ length: STEPS + 1 }, (_, step) => cssOf(colourOf((most * step) / STEPS)));
  return (
    <figure aria-label={WORDS.legend} className="w-56">
      <figcaption className="mb-1 text-faint text-xs">{WORDS.legendOf[layer]}</figcaption>
      <div
        aria-hidden="true"
        className="h-2.5 rounded-sm bg-line forced-color-adjust-none"
        style={{ backgroundImage: `linear-gradient(to right, ${stops.join(', ')})` }}
      />
      <p className="numerals mt-0.5 flex justify-between text-soft text-xs">
        {figures.map((figure, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: three places
          <span key={at}>{figure}</span>
        ))}
      </p>
    </figure>
  );
}

/** At the beginning, the middle and the end. */
function figuresOf(heatmap: Heatmap, layer: LayerName, peak: number): string[] | undefined {
  if (layer === 'scroll') return ['0%', '50%', '100%'];
  if (layer === 'attention') {
    const most = Math.max(0, ...sharesOf(heatmap, layer));
    return most > 0 ? ['0%', formatPercent(most * 50, 1), formatPercent(most * 100, 1)] : undefined;
  }
  if (peak <= 0) return undefined;
  const write = (value: number) =>
    layer === 'moves' ? formatDuration(value / 1000) : formatExact(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
  return ['0', write(amountOf(0.5, peak)), write(peak)];
}
