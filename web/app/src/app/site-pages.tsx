/** The settings of a site, in the frame of its screens. */
import { SettingsPage } from '../features/settings/settings-page.tsx';
import { SiteScreen } from './site-screen.tsx';

export function SettingsScreen() {
  return <SiteScreen title="Site settings">{(site) => <SettingsPage key={site.domain} site={site} />}</SiteScreen>;
}
