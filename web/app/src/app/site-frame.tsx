/** The frame of the screens of a site that are as wide as its dashboard, and the way back to that. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { type Site, sitesQuery } from '../lib/api.ts';
import { Header } from './header.tsx';
import { NoSite, SitesFailed } from './messages.tsx';

export const BACK = 'mb-3 inline-flex items-center gap-1 text-soft text-sm hover:text-ink print:hidden';
/** To the screen beside this one. */
export const ASIDE = 'mb-3 text-soft text-sm hover:text-ink hover:underline print:hidden';

interface Found {
  domain: string;
  site?: Site;
  missing: boolean;
  error?: Error;
  retry: () => void;
}

export function useSite(title: string): Found {
  const { domain = '' } = useParams({ strict: false });
  const sites = useQuery(sitesQuery);
  useEffect(() => {
    document.title = `${title} · ${domain} · Candor`;
  }, [title, domain]);
  const site = sites.data?.find((each) => each.domain === domain);
  const error = sites.data ? undefined : (sites.error ?? undefined);
  return { domain, site, missing: sites.data !== undefined && !site, error, retry: () => void sites.refetch() };
}

export function SiteFrame({ found, head, children }: { found: Found; head?: ReactNode; children: (site: Site) => ReactNode }) {
  const { domain, site, missing, error, retry } = found;
  if (missing) return <NoSite domain={domain} />;
  if (error) return <SitesFailed error={error} onRetry={retry} />;
  return (
    <>
      <Header domain={domain}>{head}</Header>
      <main id="content" className="mx-auto max-w-page px-4 pt-6 pb-20 sm:px-6 lg:px-10">
        {site && children(site)}
      </main>
    </>
  );
}
