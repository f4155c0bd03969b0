/** How deep page views came and what was in view, part by part of the page, in figures. */
import { formatDuration, formatExact, formatPercent } from '../../lib/format.ts';
import { type Heatmap, sharesOf } from '../../lib/heat/layers.ts';
import { WORDS } from './messages.ts';

export function DepthTable({ heatmap, layer }: { heatmap: Heatmap; layer: 'scroll' | 'attention' }) {
  const shares = sharesOf(heatmap, layer);
  const step = 100 / shares.length;
  const figure = (at: number) =>
    layer === 'scroll' ? formatExact(heatmap.reached[at] ?? 0) : formatDuration((heatmap.attention[at] ?? 0) / 1000);
  return (
    <table aria-label={WORDS.depth[layer]} className="w-full table-fixed text-sm">
      <thead>
        <tr className="border-line border-b text-faint text-xs">
          <th scope="col" className="h-8 text-left font-normal">
            {WORDS.part}
          </th>
          <th scope="col" className="w-24 text-right font-normal">
            {layer === 'scroll' ? WORDS.partViews : WORDS.partTime}
          </th>
          <th scope="col" className="w-16 text-right font-normal">
            {WORDS.columns.share}
          </th>
        </tr>
      </thead>
      <tbody>
        {shares.map((share, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name
          <tr key={at} className="relative border-line border-b">
            <th scope="row" className="numerals h-8 text-left font-normal">
              {WORDS.parts(Math.round(at * step), Math.round((at + 1) * step))}
              <span
                aria-hidden="true"
                className="absolute -bottom-px left-0 h-0.5 bg-accent forced-color-adjust-none"
                style={{ width: `${(100 * share) / Math.max(...shares, Number.EPSILON)}%` }}
              />
            </th>
            <td className="numerals text-right">{figure(at)}</td>
            <td className="numerals text-right text-faint">{formatPercent(share * 100, layer === 'scroll' ? 0 : 1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
