/** One visitor of a site, in the frame of its screens. */
import { Link, useParams } from '@tanstack/react-router';
import { VisitorPage } from '../features/visitor/visitor-page.tsx';
import { Icon } from '../ui/icon.tsx';
import { BACK, SiteFrame, useSite } from './site-frame.tsx';

export function VisitorScreen() {
  const { domain = '', visitor = '' } = useParams({ strict: false });
  const found = useSite('Visitor');
  return (
    <SiteFrame found={found}>
      {(site) => (
        <div className="mx-auto max-w-2xl">
          <Link to="/$domain/privacy" params={{ domain }} className={BACK}>
            <Icon name="left" className="size-3.5" />
            Privacy
          </Link>
          <VisitorPage key={visitor} site={site} visitor={visitor} />
        </div>
      )}
    </SiteFrame>
  );
}
