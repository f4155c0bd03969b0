/** Heatmaps of a site: the layer, and one side or two beside each other. Whoever looks is in the audit log. */
import type { ReactNode } from 'react';
import type { Site } from '../../lib/api.ts';
import type { LayerName } from '../../lib/heat/layers.ts';
import { LAYERS } from '../../lib/heat/layers.ts';
import type { SideName } from '../../lib/heat/search.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from './choice.tsx';
import { LAYER_WORDS, WORDS } from './messages.ts';
import { Side, type SideState } from './side.tsx';

interface HeatmapsPageProps {
  site: Site;
  layer: LayerName;
  /** One, or two to be compared. */
  sides: readonly { name: SideName; state: SideState; bar?: ReactNode }[];
  onLayer: (layer: LayerName) => void;
  onCompare: () => void;
}

export default function HeatmapsPage({ site, layer, sides, onLayer, onCompare }: HeatmapsPageProps) {
  const compared = sides.length > 1;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-line border-b pb-2">
        <Choice
          label={WORDS.layer}
          chosen={layer}
          options={LAYERS.map((value) => ({ value, ...LAYER_WORDS[value] }))}
          onChoose={onLayer}
        />
        <Button kind="line" aria-pressed={compared} onClick={onCompare}>
          {compared ? WORDS.comparing : WORDS.compare}
        </Button>
      </div>
      <div className={compared ? 'grid gap-x-8 gap-y-12 md:grid-cols-2' : ''}>
        {sides.map(({ name, state, bar }) => (
          <section key={name} aria-label={compared ? WORDS.side[name] : WORDS.title} className="min-w-0">
            <Side site={site} layer={layer} state={state} narrow={compared} bar={bar} />
          </section>
        ))}
      </div>
    </>
  );
}
