/** The drawing: hairlines, the compared line in grey, the period in the pen's colour, what still fills dashed. */
import { area, curveMonotoneX, line } from 'd3-shape';
import { findLone, type Geometry, type Point } from './geometry.ts';

interface PlotProps {
  geometry: Geometry;
  height: number;
  labels: { x: number; text: string }[];
  cursor?: Point;
}

type Placed = { x: number; y: number | null };

const drawLine = line<Placed>()
  .defined((point) => point.y !== null)
  .x((point) => point.x)
  .y((point) => point.y!)
  .curve(curveMonotoneX);

export function Plot({ geometry, height, labels, cursor }: PlotProps) {
  const { points, ticks, left, width, top, bottom } = geometry;
  const over = points.filter((point) => point.state === 'over');
  const filling = points.findIndex((point) => point.state === 'filling');
  const tail = filling < 0 ? [] : points.slice(Math.max(0, filling - 1), filling + 1);
  const before = points.map((point): Placed => ({ x: point.x, y: point.before?.y ?? null }));
  const fill = area<Placed>()
    .defined((point) => point.y !== null)
    .x((point) => point.x)
    .y0(bottom)
    .y1((point) => point.y!)
    .curve(curveMonotoneX);
  return (
    <svg width={width} height={height} className="block overflow-visible" aria-hidden="true">
      {ticks.map((tick) => (
        <g key={tick.value}>
          <line x1={left} x2={width} y1={tick.y} y2={tick.y} className="stroke-line" shapeRendering="crispEdges" />
          <text x="0" y={tick.y} dominantBaseline="central" className="numerals fill-faint text-xs">
            {tick.text}
          </text>
        </g>
      ))}
      {labels.map((label) => (
        <text
          key={label.x}
          x={label.x}
          y={height - 8}
          textAnchor={anchor(label.x, left, width)}
          className="numerals fill-faint text-xs"
        >
          {label.text}
        </text>
      ))}
      {before.some((point) => point.y !== null) && (
        <path d={drawLine(before) ?? ''} fill="none" className="stroke-edge" strokeWidth="1.25" />
      )}
      <path d={fill(over) ?? ''} className="fill-accent opacity-[0.06]" />
      <path d={drawLine(over) ?? ''} fill="none" className="stroke-accent" strokeWidth="2" strokeLinejoin="round" />
      <path
        d={drawLine(tail) ?? ''}
        fill="none"
        className="stroke-accent"
        strokeWidth="2"
        strokeDasharray="3 5"
        strokeLinecap="round"
      />
      {findLone(points).map(
        (point) => point.y !== null && <circle key={point.label} cx={point.x} cy={point.y} r="3.5" className="fill-accent" />,
      )}
      {filling >= 0 && points[filling]!.y !== null && (
        <circle cx={points[filling]!.x} cy={points[filling]!.y!} r="3.5" className="fill-paper stroke-accent" strokeWidth="2" />
      )}
      {cursor && <Cursor point={cursor} top={top} bottom={bottom} />}
    </svg>
  );
}

function Cursor({ point, top, bottom }: { point: Point; top: number; bottom: number }) {
  return (
    <g>
      <line x1={point.x} x2={point.x} y1={top - 8} y2={bottom} className="stroke-edge" shapeRendering="crispEdges" />
      {point.before && point.before.y !== null && (
        <circle cx={point.x} cy={point.before.y} r="3" className="fill-edge stroke-paper" strokeWidth="1.5" />
      )}
      {point.y !== null && <circle cx={point.x} cy={point.y} r="4.5" className="fill-accent stroke-paper" strokeWidth="2" />}
    </g>
  );
}

function anchor(x: number, left: number, width: number): 'start' | 'middle' | 'end' {
  if (x < left + 20) return 'start';
  return x > width - 24 ? 'end' : 'middle';
}
