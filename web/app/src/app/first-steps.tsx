/** The first steps, for those who can take them, until they are done. Nothing of it is loaded for anybody else. */
import { lazy, Suspense } from 'react';
import type { Site } from '../lib/api.ts';
import { may } from '../lib/may.ts';
import { usePreference } from '../lib/storage.ts';
import { membershipAt, useMembership } from '../lib/use-membership.ts';

const Checklist = lazy(() => import('../features/start/checklist.tsx'));

export function FirstSteps({ site, arrived }: { site: Site; arrived: boolean }) {
  const { session } = useMembership();
  const membership = membershipAt(session, site);
  const over = usePreference('checklist') === 'done';
  if (over || !membership || !may(membership, 'add:people')) return null;
  return (
    <Suspense fallback={null}>
      <Checklist organization={membership.organization.id} arrived={arrived} />
    </Suspense>
  );
}
