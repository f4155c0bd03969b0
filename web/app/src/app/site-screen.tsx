/** The frame of a screen of a site beside its dashboard. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { type Site, sitesQuery } from '../lib/api.ts';
import { Icon } from '../ui/icon.tsx';
import { Header } from './header.tsx';
import { NoSite, SitesFailed } from './messages.tsx';

export function SiteScreen({ title, children }: { title: string; children: (site: Site) => ReactNode }) {
  const { domain = '' } = useParams({ strict: false });
  const sites = useQuery(sitesQuery);
  const site = sites.data?.find((each) => each.domain === domain);
  useEffect(() => {
    document.title = `${title} · ${domain} · Candor`;
  }, [title, domain]);
  if (sites.data && !site) return <NoSite domain={domain} />;
  if (sites.isError && !sites.data) return <SitesFailed error={sites.error} onRetry={() => void sites.refetch()} />;
  return (
    <>
      <Header domain={domain} />
      <main id="content" className="mx-auto max-w-2xl px-4 pt-8 pb-20 sm:px-6">
        <Link
          to="/$domain"
          params={{ domain }}
          className="mb-4 inline-flex items-center gap-1 text-soft text-sm hover:text-ink print:hidden"
        >
          <Icon name="left" className="size-3.5" />
          Dashboard
        </Link>
        <h1 className="mb-8 font-semibold text-title tracking-[-0.02em]">{title}</h1>
        {site && children(site)}
      </main>
    </>
  );
}
