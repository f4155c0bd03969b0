/** Where visitors are and what they read: the map beside the table of countries, or the languages. */
import { lazy, Suspense, useId } from 'react';
import { type DimensionKey, dimension } from '../../lib/dimensions.ts';
import { PANEL_ROWS, type Report } from '../../lib/report.ts';
import { Panel } from '../../ui/panel.tsx';
import { RowList } from '../../ui/row-list.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { WORDS } from './messages.ts';

const WorldMap = lazy(() => import('./world-map.tsx'));
const TABS = [
  { key: 'country', label: WORDS.countries },
  { key: 'language', label: WORDS.languages },
] as const;

interface PlacesPanelProps {
  chosen: 'country' | 'language';
  report?: Report;
  className?: string;
  onTab: (key: 'country' | 'language') => void;
  onDetails: (key: DimensionKey) => void;
  onDetailsNear?: () => void;
  isChosen: (key: DimensionKey, value: string) => boolean;
  onChoose: (key: DimensionKey, value: string) => void;
}

export function PlacesPanel({
  chosen,
  report,
  className,
  onTab,
  onDetails,
  onDetailsNear,
  isChosen,
  onChoose,
}: PlacesPanelProps) {
  const id = useId();
  const rows = report?.panels[chosen];
  const list = (
    <RowList
      dimension={dimension(chosen)}
      rows={rows?.slice(0, PANEL_ROWS)}
      total={report?.totals.visitors ?? 0}
      isChosen={(value) => isChosen(chosen, value)}
      onChoose={(value) => onChoose(chosen, value)}
    />
  );
  return (
    <Panel
      label={WORDS.places}
      className={className}
      onDetails={() => onDetails(chosen)}
      onDetailsNear={onDetailsNear}
      head={<Tabs label={WORDS.places} tabs={TABS} chosen={chosen} onChoose={onTab} panelId={id} />}
    >
      <div id={id} role="tabpanel" aria-label={dimension(chosen).plural}>
        {chosen === 'country' ? (
          <div className="grid gap-x-10 gap-y-4 md:grid-cols-[minmax(0,8fr)_minmax(0,5fr)]">
            <div className="self-center pt-6">
              <Suspense fallback={<Skeleton className="aspect-[24/11] w-full" />}>
                <WorldMap
                  rows={rows}
                  isChosen={(code) => isChosen('country', code)}
                  onChoose={(code) => onChoose('country', code)}
                />
              </Suspense>
            </div>
            {list}
          </div>
        ) : (
          list
        )}
      </div>
    </Panel>
  );
}
