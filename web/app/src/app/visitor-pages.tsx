/** One visitor of a site, in the frame of its screens. */
import { Link, useParams } from '@tanstack/react-router';
import { VisitorPage } from '../features/visitor/visitor-page.tsx';
import type { Site } from '../lib/api.ts';
import { lastList } from '../lib/last-list.ts';
import { mayAnswer, maySeeRecordings } from '../lib/may.ts';
import { membershipAt, useMembership } from '../lib/use-membership.ts';
import { Icon } from '../ui/icon.tsx';
import { BACK, SiteFrame, useSite } from './site-frame.tsx';

export function VisitorScreen() {
  const { visitor = '' } = useParams({ strict: false });
  const found = useSite('Visitor');
  return (
    <SiteFrame found={found}>
      {(site) => (
        <div className="mx-auto max-w-2xl">
          <Back site={site} />
          <VisitorPage key={visitor} site={site} visitor={visitor} />
        </div>
      )}
    </SiteFrame>
  );
}

/** To where the person may have come from: nobody is led to what refuses them. */
function Back({ site }: { site: Site }) {
  const membership = membershipAt(useMembership().session, site);
  const params = { domain: site.domain };
  const arrow = <Icon name="left" className="size-3.5" />;
  if (mayAnswer(membership)) {
    return (
      <Link to="/$domain/privacy" params={params} className={BACK}>
        {arrow}
        Privacy
      </Link>
    );
  }
  if (maySeeRecordings(membership, site)) {
    return (
      <Link to="/$domain/recordings" params={params} search={lastList(site.domain)} className={BACK}>
        {arrow}
        Recordings
      </Link>
    );
  }
  return (
    <Link to="/$domain" params={params} className={BACK}>
      {arrow}
      Dashboard
    </Link>
  );
}
