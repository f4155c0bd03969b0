/** The start: leads to the first site, or to adding one. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Navigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { sitesQuery } from '../lib/api.ts';
import { Header } from './header.tsx';
import { SitesFailed } from './messages.tsx';

const Sites = lazy(() => import('../features/sites/sites-page.tsx'));

export function Home() {
  const { add } = getRouteApi('/inside/').useSearch();
  const sites = useQuery(sitesQuery);
  if (sites.isError && !sites.data) return <SitesFailed error={sites.error} onRetry={() => void sites.refetch()} />;
  if (!sites.data) return <Header />;
  const [first] = sites.data;
  if (first && !add) return <Navigate to="/$domain" params={{ domain: first.domain }} replace />;
  return (
    <>
      <Header />
      <main id="content" className="mx-auto max-w-xl px-4 py-16 sm:px-6">
        <Suspense fallback={null}>
          <Sites sites={sites.data} />
        </Suspense>
      </main>
    </>
  );
}
