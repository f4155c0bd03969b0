/** The bar at the top of every screen: mark, site, who is here now; at the right what the screen adds, and the menu. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AccountButton } from '../features/account/account-button.tsx';
import { LiveLabel } from '../features/live/live-label.tsx';
import { MenuButton } from '../features/menu/menu-button.tsx';
import { SiteSwitcher } from '../features/sites/site-switcher.tsx';
import { Mark } from '../ui/mark.tsx';
import type { Live } from './use-live.ts';

interface HeaderProps {
  domain?: string;
  live?: Live;
  children?: ReactNode;
}

export function Header({ domain, live, children }: HeaderProps) {
  return (
    <header className="sticky top-0 z-20 border-line border-b bg-paper print:static print:border-0">
      <div className="mx-auto flex min-h-14 max-w-page flex-wrap items-center gap-x-1 gap-y-1 px-4 py-2 sm:px-6 lg:px-10">
        <Link to="/" aria-label="Candor, all sites" className="mr-1 -ml-1 grid size-8 place-items-center rounded-md">
          <Mark />
        </Link>
        {domain && <SiteSwitcher domain={domain} />}
        {live && <LiveLabel {...live} />}
        <div className="ml-auto flex flex-wrap items-center gap-1">
          {children}
          <AccountButton />
          <MenuButton domain={domain} />
        </div>
      </div>
    </header>
  );
}
