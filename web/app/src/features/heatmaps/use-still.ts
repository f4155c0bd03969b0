/** One page that stands still, for as long as its side is on the screen. */
import type { Layer } from '@candor/player/protocol';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Heatmap } from '../../lib/heat/layers.ts';
import { StillPage } from '../../lib/heat/still.ts';
import { backgroundQuery } from '../../lib/heat-api.ts';

const NOTHING = { recording: '', at: 0 };

export function useStill(
  domain: string,
  background: Heatmap['background'],
  layer: Layer,
  onPress: (element: number | undefined) => void,
) {
  const press = useRef(onPress);
  press.current = onPress;
  const [still] = useState(() => new StillPage((element) => press.current(element)));
  const state = useSyncExternalStore(still.subscribe, still.read);
  const events = useQuery({ ...backgroundQuery(domain, background ?? NOTHING), enabled: background !== undefined });
  const at = background?.at ?? 0;
  useEffect(() => {
    if (events.data !== undefined) still.stand(events.data, at);
  }, [still, events.data, at]);
  useEffect(() => still.draw(layer), [still, layer]);
  return { still, state, error: events.error, retry: () => void events.refetch() };
}

export type Shown = ReturnType<typeof useStill>;
