/** Every screen that wants a sign-in. What it shows is asked for beside the question who is there, not after it. */
import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { askPerson } from '../lib/asks.ts';
import { sessionQuery } from '../lib/people-api.ts';
import { BreakGlassBanner } from './break-glass-banner.tsx';
import { SupportBanner } from './support-banner.tsx';

export function SignedIn() {
  const { data: session } = useQuery(sessionQuery);
  const router = useRouter();
  const known = useRef(false);
  if (session) known.current = true;
  const nobody = session === null;
  useEffect(() => {
    if (!nobody) return;
    if (known.current) {
      void askPerson('signIn');
      return;
    }
    const { href } = router.state.location;
    void router.navigate({ to: '/sign-in', search: href === '/' ? {} : { to: href }, replace: true });
  }, [nobody, router]);
  if (nobody && !known.current) return null;
  return (
    <>
      <BreakGlassBanner />
      <SupportBanner />
      <Outlet />
    </>
  );
}
