/** Which lists stand where on the screen, and what a click on a row does. */
import { PanelOfLists } from '../features/panels/panel-of-lists.tsx';
import { PlacesPanel } from '../features/places/places-panel.tsx';
import type { DimensionKey } from '../lib/dimensions.ts';
import { isChosen, toggleValue } from '../lib/filters.ts';
import { linkToPage } from '../lib/links.ts';
import type { PanelDimension, Report } from '../lib/report.ts';
import type { useReportSearch } from './use-report-search.ts';
import type { AsideOf } from './use-watching.tsx';

const PAGES = [
  { key: 'page', label: 'Pages' },
  { key: 'entry', label: 'Entry pages' },
  { key: 'exit', label: 'Exit pages' },
] as const;
const SOURCES = [
  { key: 'source', label: 'Sources' },
  { key: 'channel', label: 'Channels' },
  { key: 'campaign', label: 'Campaigns' },
] as const;
const DEVICES = [
  { key: 'browser', label: 'Browsers' },
  { key: 'os', label: 'Systems' },
  { key: 'device', label: 'Devices' },
  { key: 'screen', label: 'Screens' },
] as const;
const EVENTS = [{ key: 'event', label: 'Events' }] as const;

const loadDetails = () => void import('../features/details/details-dialog.tsx');

interface PanelsProps {
  domain: string;
  report?: Report;
  state: ReturnType<typeof useReportSearch>;
  onDetails: (key: DimensionKey) => void;
  asideOf: AsideOf;
}

/** The tab the URL names if the panel has it, else its first. */
function pickTab(tabs: readonly { key: PanelDimension }[], asked: DimensionKey | undefined): PanelDimension {
  return (tabs.find((tab) => tab.key === asked) ?? tabs[0]!).key;
}

export function Panels({ domain, report, state, onDetails, asideOf }: PanelsProps) {
  const { search, change, filters, changeFilters } = state;
  const common = {
    report,
    onDetails,
    onDetailsNear: loadDetails,
    asideOf,
    isChosen: (key: DimensionKey, value: string) => isChosen(filters, key, value),
    onChoose: (key: DimensionKey, value: string) => changeFilters(toggleValue(filters, key, value)),
    linkOf: (path: string) => linkToPage(domain, path),
  };
  const bind = (panel: 'pages' | 'sources' | 'devices', tabs: typeof PAGES | typeof SOURCES | typeof DEVICES) => ({
    tabs,
    chosen: pickTab(tabs, search[panel]),
    onTab: (key: PanelDimension) => change({ [panel]: key === tabs[0].key ? undefined : key }, { replace: true }),
  });
  return (
    <div className="grid gap-x-10 gap-y-10 md:grid-cols-2 xl:grid-cols-12">
      <PanelOfLists label="Pages" className="xl:col-span-6" {...common} {...bind('pages', PAGES)} />
      <PanelOfLists label="Sources" className="xl:col-span-6" {...common} {...bind('sources', SOURCES)} />
      <PlacesPanel
        className="md:col-span-2 xl:col-span-12"
        {...common}
        chosen={search.places === 'language' ? 'language' : 'country'}
        onTab={(key) => change({ places: key === 'country' ? undefined : key }, { replace: true })}
      />
      <PanelOfLists label="Devices" className="xl:col-span-6" {...common} {...bind('devices', DEVICES)} />
      <PanelOfLists label="Events" className="xl:col-span-6" {...common} tabs={EVENTS} chosen="event" onTab={() => undefined} />
    </div>
  );
}
