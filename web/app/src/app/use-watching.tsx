/** Whether somebody may watch recordings of a site, and what of the report leads to them: nothing where none are made. */
import type { ReactNode } from 'react';
import { WatchLink } from '../features/recordings/watch-link.tsx';
import type { Site } from '../lib/api.ts';
import { type DimensionKey, dimension } from '../lib/dimensions.ts';
import { maySeeRecordings } from '../lib/may.ts';
import { membershipAt, useMembership } from '../lib/use-membership.ts';
import type { useReportSearch } from './use-report-search.ts';

/** Of these each row is something that was done in a visit. */
const isDone = (key: DimensionKey) => dimension(key).kind === 'path' || key === 'event';

export type AsideOf = (key: DimensionKey) => ((value: string, name: string) => ReactNode) | undefined;

export function useWatching(site: Site | undefined, { search, filters }: ReturnType<typeof useReportSearch>) {
  const { session } = useMembership();
  const mayWatch = site !== undefined && maySeeRecordings(membershipAt(session, site), site);
  const asideOf: AsideOf = (key) => {
    if (!mayWatch || !site.settings.recording?.on || !isDone(key)) return undefined;
    return (value, name) => (
      <WatchLink domain={site.domain} period={search.period} filters={filters} dimension={key} value={value} name={name} />
    );
  };
  return { mayWatch, asideOf };
}
