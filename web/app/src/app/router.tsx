/** Every address of the UI in one readable list. Only the dashboard is in the first file; the rest is loaded when gone to. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { parseQueryString, readReportSearch, writeQueryString } from '../lib/search.ts';
import { Dashboard } from './dashboard.tsx';
import { Home } from './home.tsx';
import { Broken, Message } from './messages.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => (
    <Message title="There is nothing here" text="The address leads to no screen of Candor.">
      <a href="/">All sites</a>
    </Message>
  ),
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (raw: Record<string, unknown>): { add?: boolean } => (raw.add ? { add: true } : {}),
  component: Home,
});

const site = createRoute({ getParentRoute: () => root, path: '/$domain' });

const dashboard = createRoute({ getParentRoute: () => site, path: '/', validateSearch: readReportSearch, component: Dashboard });

const settings = createRoute({
  getParentRoute: () => site,
  path: '/settings',
  component: lazyRouteComponent(() => import('./site-pages.tsx'), 'SettingsScreen'),
});

const refused = createRoute({
  getParentRoute: () => site,
  path: '/refused',
  component: lazyRouteComponent(() => import('./site-pages.tsx'), 'RefusedScreen'),
});

export const router = createRouter({
  routeTree: root.addChildren([home, site.addChildren([dashboard, settings, refused])]),
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
