/** The screens of a site beside its dashboard, in the same frame. */
import { RefusalsPage } from '../features/refusals/refusals-page.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';
import { SiteScreen } from './site-screen.tsx';

export function SettingsScreen() {
  return <SiteScreen title="Site settings">{(site) => <SettingsPage key={site.domain} site={site} />}</SiteScreen>;
}

export function RefusedScreen() {
  return (
    <SiteScreen title="Refused and set aside">{(site) => <RefusalsPage key={site.domain} domain={site.domain} />}</SiteScreen>
  );
}
