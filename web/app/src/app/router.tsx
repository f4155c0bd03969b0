/** Every address of the UI in one readable list. Only the dashboard is in the first file; the rest is loaded when gone to. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { sitesQuery } from '../lib/api.ts';
import { readAuditSearch } from '../lib/audit-search.ts';
import { takeSecret } from '../lib/fragment.ts';
import { readHeatSearch } from '../lib/heat/search.ts';
import { recordingQuery, replayQuery } from '../lib/recordings-api.ts';
import { readPlayerSearch } from '../lib/replay/moment.ts';
import { parseQueryString, readRecordingsSearch, readReportSearch, writeQueryString } from '../lib/search.ts';
import { readOrganizationSearch } from '../lib/use-membership.ts';
import { Dashboard } from './dashboard.tsx';
import { Home } from './home.tsx';
import { Broken, Message } from './messages.tsx';
import { queries } from './queries.ts';
import { Shell } from './shell.tsx';
import { SignedIn } from './signed-in.tsx';

// Before the router reads the address: what is secret in it is in no entry of the history.
takeSecret();

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => (
    <Message title="There is nothing here" text="The address leads to no screen of Candor.">
      <a href="/">All sites</a>
    </Message>
  ),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw: Record<string, unknown>): { to?: string } => (typeof raw.to === 'string' ? { to: raw.to } : {}),
  component: lazyRouteComponent(() => import('../features/entry/sign-in-page.tsx')),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('../features/entry/setup-page.tsx')),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyRouteComponent(() => import('../features/entry/reset-page.tsx')),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('../features/entry/invitation-page.tsx')),
});

const ask = createRoute({
  getParentRoute: () => root,
  path: '/privacy/$domain',
  component: lazyRouteComponent(() => import('../features/privacy/ask-page.tsx')),
});

const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: SignedIn });

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  validateSearch: (raw: Record<string, unknown>): { add?: boolean } => (raw.add ? { add: true } : {}),
  component: Home,
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  validateSearch: readOrganizationSearch,
  component: lazyRouteComponent(() => import('./settings-frame.tsx'), 'SettingsFrame'),
});
const part = <const P extends string>(path: P, name: 'First' | 'People' | 'Keys' | 'Security' | 'Organization' | 'Support') =>
  createRoute({
    getParentRoute: () => settings,
    path,
    component: lazyRouteComponent(() => import('./settings-frame.tsx'), name),
  });
const auditLog = createRoute({
  getParentRoute: () => settings,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('./settings-frame.tsx'), 'Audit'),
});
const parts = [
  part('/', 'First'),
  part('/people', 'People'),
  part('/keys', 'Keys'),
  part('/security', 'Security'),
  part('/organization', 'Organization'),
  auditLog,
  part('/support', 'Support'),
] as const;

const site = createRoute({ getParentRoute: () => inside, path: '/$domain' });
const dashboard = createRoute({ getParentRoute: () => site, path: '/', validateSearch: readReportSearch, component: Dashboard });
const siteSettings = createRoute({
  getParentRoute: () => site,
  path: '/settings',
  component: lazyRouteComponent(() => import('./site-pages.tsx'), 'SettingsScreen'),
});
const refused = createRoute({
  getParentRoute: () => site,
  path: '/refused',
  component: lazyRouteComponent(() => import('./refused-pages.tsx'), 'RefusedScreen'),
});
const privacy = createRoute({
  getParentRoute: () => site,
  path: '/privacy',
  component: lazyRouteComponent(() => import('./privacy-pages.tsx'), 'PrivacyScreen'),
});
const visitor = createRoute({
  getParentRoute: () => site,
  path: '/visitors/$visitor',
  component: lazyRouteComponent(() => import('./visitor-pages.tsx'), 'VisitorScreen'),
});

const recordings = createRoute({
  getParentRoute: () => site,
  path: '/recordings',
  validateSearch: readRecordingsSearch,
  component: lazyRouteComponent(() => import('./recordings-pages.tsx'), 'RecordingsScreen'),
});
const recording = createRoute({
  getParentRoute: () => site,
  path: '/recordings/$id',
  validateSearch: readPlayerSearch,
  // What it shows is asked for beside its file, and not after it. A link that is only pointed at asks for no recording: to ask for
  // one is to look at it, which is written down.
  loader: ({ params: { domain, id }, preload }) => {
    void queries.prefetchQuery(replayQuery);
    if (preload) return;
    void queries.prefetchQuery(sitesQuery);
    void queries.prefetchQuery(recordingQuery(domain, id));
  },
  component: lazyRouteComponent(() => import('./recording-page.tsx'), 'PlayerScreen'),
});
const heatmaps = createRoute({
  getParentRoute: () => site,
  path: '/heatmaps',
  validateSearch: readHeatSearch,
  component: lazyRouteComponent(() => import('./heatmaps-pages.tsx'), 'HeatmapsScreen'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    setup,
    reset,
    invitation,
    ask,
    inside.addChildren([
      home,
      settings.addChildren(parts),
      site.addChildren([dashboard, recordings, recording, heatmaps, siteSettings, privacy, visitor, refused]),
    ]),
  ]),
  parseSearch: parseQueryString,
  stringifySearch: writeQueryString,
  defaultPreload: 'intent',
  defaultErrorComponent: Broken,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
