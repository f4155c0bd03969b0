/** What surrounds every screen: the way past the header, the server's own troubles, the palette and the keys. */
import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { healthQuery } from '../lib/api.ts';
import { type Ask, onAsk } from '../lib/commands.ts';
import { Sayings } from '../ui/sayings.tsx';
import { GuardHost } from './guard-host.tsx';
import { HealthNotice } from './health-notice.tsx';
import { useKeys } from './use-keys.ts';

const Palette = lazy(() => import('./palette-host.tsx'));
const Shortcuts = lazy(() => import('../features/shortcuts/shortcuts-dialog.tsx'));

export function Shell() {
  const [open, setOpen] = useState<Ask>();
  const { data: health } = useQuery(healthQuery);
  useEffect(() => onAsk(setOpen), []);
  useKeys();
  const close = () => setOpen(undefined);
  return (
    <>
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-24 rounded-md bg-raised px-3 py-2 font-medium text-sm shadow-overlay focus:translate-y-0"
      >
        Skip to the content
      </a>
      {health && <HealthNotice health={health} />}
      <Outlet />
      <Suspense fallback={null}>
        {open === 'palette' && <Palette onClose={close} />}
        {open === 'shortcuts' && <Shortcuts onClose={close} />}
      </Suspense>
      <GuardHost />
      <Sayings />
    </>
  );
}
