/**
 * The world, coloured by visitors. Shapes are projected at build time, so this is paths and nothing more.
 * It is a picture beside a table with the same numbers; the table is what keyboards and screen readers use.
 */

import shapesUrl from 'virtual:world-shapes';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatExact } from '../../lib/format.ts';
import { nameValue } from '../../lib/names.ts';
import type { Row } from '../../lib/report.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { WORDS } from './messages.ts';

interface World {
  shapes: Record<string, string>;
  dots: Record<string, [number, number]>;
}

const worldQuery = queryOptions({
  queryKey: ['world-shapes'],
  queryFn: async ({ signal }) => (await fetch(shapesUrl, { signal })).json() as Promise<World>,
  staleTime: Number.POSITIVE_INFINITY,
});

interface WorldMapProps {
  rows?: Row[];
  isChosen: (code: string) => boolean;
  onChoose: (code: string) => void;
}

export default function WorldMap({ rows, isChosen, onChoose }: WorldMapProps) {
  const { data: world } = useQuery(worldQuery);
  const [over, setOver] = useState<string>();
  const counts = new Map((rows ?? []).map((row) => [row.name, row.visitors]));
  const top = Math.max(1, ...counts.values());
  /** The square root keeps small countries visible beside the largest. */
  const shade = (code: string) => Math.sqrt((counts.get(code) ?? 0) / top);
  const colour = (code: string) => {
    const share = shade(code);
    if (share === 0) return 'color-mix(in oklch, var(--color-line) 62%, var(--color-paper))';
    return `color-mix(in oklch, var(--color-accent) ${Math.round(18 + share * 82)}%, var(--color-paper))`;
  };
  const bind = (code: string) => ({
    'data-known': counts.has(code) || undefined,
    onPointerEnter: () => setOver(code),
    onPointerLeave: () => setOver(undefined),
    onClick: () => counts.has(code) && onChoose(code),
    style: { fill: colour(code) },
    className: `stroke-paper hover:stroke-ink data-known:cursor-pointer ${isChosen(code) ? 'stroke-ink' : ''}`,
    strokeWidth: isChosen(code) ? 1.25 : 0.6,
  });
  if (!world) return <Skeleton className="aspect-[24/11] w-full" />;
  return (
    <div className="relative">
      <svg viewBox="0 0 960 440" className="block w-full" aria-hidden="true">
        {Object.entries(world.shapes).map(([code, path]) => (
          <path key={code} d={path} {...bind(code)} />
        ))}
        {Object.entries(world.dots).map(
          ([code, [x, y]]) => counts.has(code) && <circle key={code} cx={x} cy={y} r="3.5" {...bind(code)} />,
        )}
      </svg>
      <p className="numerals pointer-events-none absolute bottom-0 left-0 min-h-5 bg-paper/80 pr-2 text-sm" aria-hidden="true">
        {over && !over.startsWith('-') && (
          <>
            {nameValue('country', over)}{' '}
            <span className="text-soft">
              {formatExact(counts.get(over) ?? 0)} {WORDS.visitors}
            </span>
          </>
        )}
      </p>
    </div>
  );
}
