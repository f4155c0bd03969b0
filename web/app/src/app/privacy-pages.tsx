/** The privacy centre of a site, in the frame of its screens. */
import { PrivacyPage } from '../features/privacy/privacy-page.tsx';
import { SiteScreen } from './site-screen.tsx';

export function PrivacyScreen() {
  return <SiteScreen title="Privacy">{(site) => <PrivacyPage key={site.domain} site={site} />}</SiteScreen>;
}
