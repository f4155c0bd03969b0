/** What was refused of a site, in the frame of its screens. */
import { RefusalsPage } from '../features/refusals/refusals-page.tsx';
import { SiteScreen } from './site-screen.tsx';

export function RefusedScreen() {
  return (
    <SiteScreen title="Refused and set aside">{(site) => <RefusalsPage key={site.domain} domain={site.domain} />}</SiteScreen>
  );
}
