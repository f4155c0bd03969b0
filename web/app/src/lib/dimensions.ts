/** The dimensions a report can be cut by: their word in the URL, their name in the API, and what their details show. */
import type { Metric } from './metrics.ts';

export type DimensionKind = 'path' | 'country' | 'language' | 'text';

export interface Dimension {
  api: string;
  /** As in "Page is /pricing". */
  label: string;
  /** As in "Top pages". */
  plural: string;
  kind: DimensionKind;
  /** The columns of the details, the first of which sorts. */
  metrics: readonly Metric[];
}

const VISIT: readonly Metric[] = ['visitors', 'visits', 'bounce_rate', 'visit_duration'];

const visit = (api: string, label: string, plural: string, kind: DimensionKind = 'text'): Dimension => ({
  api: `visit:${api}`,
  label,
  plural,
  kind,
  metrics: VISIT,
});

export const DIMENSIONS = {
  page: {
    api: 'event:page',
    label: 'Page',
    plural: 'Pages',
    kind: 'path',
    metrics: ['visitors', 'pageviews', 'time_on_page', 'scroll_depth'],
  },
  entry: visit('entry_page', 'Entry page', 'Entry pages', 'path'),
  exit: visit('exit_page', 'Exit page', 'Exit pages', 'path'),
  source: visit('source', 'Source', 'Sources'),
  channel: visit('channel', 'Channel', 'Channels'),
  campaign: visit('utm_campaign', 'Campaign', 'Campaigns'),
  country: visit('country', 'Country', 'Countries', 'country'),
  language: visit('language', 'Language', 'Languages', 'language'),
  browser: visit('browser', 'Browser', 'Browsers'),
  os: visit('os', 'Operating system', 'Operating systems'),
  device: visit('device', 'Device', 'Devices'),
  screen: visit('screen', 'Screen', 'Screens'),
  event: { api: 'event:name', label: 'Event', plural: 'Events', kind: 'text', metrics: ['events', 'visitors'] },
  referrer: visit('referrer', 'Referrer', 'Referrers'),
  utm_source: visit('utm_source', 'UTM source', 'UTM sources'),
  medium: visit('utm_medium', 'UTM medium', 'UTM mediums'),
  content: visit('utm_content', 'UTM content', 'UTM contents'),
  term: visit('utm_term', 'UTM term', 'UTM terms'),
  hostname: {
    api: 'event:hostname',
    label: 'Hostname',
    plural: 'Hostnames',
    kind: 'text',
    metrics: ['visitors', 'pageviews'],
  },
} as const satisfies Record<string, Dimension>;

export type DimensionKey = keyof typeof DIMENSIONS;
export const DIMENSION_KEYS = Object.keys(DIMENSIONS) as DimensionKey[];

export function isDimension(text: unknown): text is DimensionKey {
  return typeof text === 'string' && Object.hasOwn(DIMENSIONS, text);
}

export function dimension(key: DimensionKey): Dimension {
  return DIMENSIONS[key];
}

/** What an empty list says: an absence with its reason, not a blank. */
export function nothingYet({ plural, api }: Dimension): string {
  if (api.startsWith('visit:utm_')) return `No ${plural.toLowerCase()} in this period. They come from utm_ parameters in links.`;
  return `No ${plural.toLowerCase()} in this period.`;
}
