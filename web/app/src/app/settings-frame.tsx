/** The settings of people and organizations: which parts there are, who may see which, and the frame around them. */
import { Link, Navigate, Outlet } from '@tanstack/react-router';
import { type ComponentType, lazy, type ReactNode, Suspense, useEffect } from 'react';
import { lacksFactor, may, type Right } from '../lib/may.ts';
import type { Membership, SignedIn } from '../lib/people-schema.ts';
import { useMembership } from '../lib/use-membership.ts';
import { buttonClass } from '../ui/button.tsx';
import { Header } from './header.tsx';

export interface PartProps {
  session: SignedIn;
  membership: Membership;
}

interface PartOfSettings {
  to: `/settings/${string}`;
  title: string;
  /** Without it the part is not there. */
  right?: Right;
}

const PARTS = [
  { to: '/settings/people', title: 'People', right: 'see:people' },
  { to: '/settings/keys', title: 'API keys', right: 'see:keys' },
  { to: '/settings/organization', title: 'Organization', right: 'see:organization' },
  { to: '/settings/audit', title: 'Audit log', right: 'see:audit_log' },
  { to: '/settings/support', title: 'Support grants', right: 'see:support_grants' },
  { to: '/settings/security', title: 'My security' },
] as const satisfies PartOfSettings[];

const allowed = (part: PartOfSettings, membership?: Membership) => !part.right || may(membership, part.right);

export function SettingsFrame() {
  const { membership, session } = useMembership();
  const several = (session?.memberships.length ?? 0) > 1;
  return (
    <>
      <Header />
      <div className="mx-auto grid max-w-5xl gap-x-12 px-4 pt-6 pb-20 sm:px-6 md:grid-cols-[11rem_minmax(0,1fr)] md:pt-10">
        <nav aria-label="Settings" className="mb-6 min-w-0 print:hidden">
          {several && membership && <p className="mb-2 truncate px-2.5 text-faint text-xs">{membership.organization.name}</p>}
          <ul className="-mx-1 flex gap-1 overflow-x-auto p-1 md:sticky md:top-20 md:flex-col md:overflow-visible">
            {PARTS.filter((each) => allowed(each, membership)).map(({ to, title }) => (
              <li key={to} className="shrink-0">
                <Link to={to} className={PART} search={({ organization }) => ({ organization })}>
                  {title}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <main id="content" className="min-w-0">
          <Outlet />
        </main>
      </div>
    </>
  );
}

const PART =
  'flex h-8 items-center rounded-md px-2.5 text-sm font-medium text-soft hover:bg-wash hover:text-ink aria-[current=page]:bg-wash aria-[current=page]:text-ink';

/** The first part that is there for this person. */
export function First() {
  const { session, membership } = useMembership();
  if (!session) return null;
  return (
    <Navigate
      to={PARTS.find((each) => allowed(each, membership))!.to}
      search={({ organization }) => ({ organization })}
      replace
    />
  );
}

function makePart(to: (typeof PARTS)[number]['to'], load: () => Promise<{ default: ComponentType<PartProps> }>) {
  const Page = lazy(load);
  const part: PartOfSettings = PARTS.find((each) => each.to === to)!;
  return () => {
    const { session, membership } = useMembership();
    useEffect(() => {
      document.title = `${part.title} · Candor`;
    }, []);
    if (!session) return <Title>{part.title}</Title>;
    return (
      <>
        <Title>{part.title}</Title>
        {allowed(part, membership) ? (
          <Suspense fallback={null}>
            <Page key={membership?.organization.id} session={session} membership={membership ?? NO_MEMBERSHIP} />
          </Suspense>
        ) : (
          <Refused membership={membership} />
        )}
      </>
    );
  };
}

/** Somebody who belongs to no organization any more still has their own security. */
const NO_MEMBERSHIP: Membership = {
  organization: { id: 0, name: '', require_second_factor: false },
  role: 'site_viewer',
  sites: [],
  may: [],
  lacks_second_factor: false,
  break_glass: [],
};

function Title({ children }: { children: ReactNode }) {
  return <h1 className="mb-6 font-semibold text-title tracking-[-0.02em]">{children}</h1>;
}

function Refused({ membership }: { membership?: Membership }) {
  if (membership && lacksFactor(membership)) {
    return (
      <>
        <p className="mb-6 max-w-xl text-soft">
          {membership.organization.name} requires a second factor, and you signed in without one. Set one up, then sign in with
          it.
        </p>
        <Link to="/settings/security" className={buttonClass('solid')}>
          My security
        </Link>
      </>
    );
  }
  return (
    <p className="max-w-xl text-soft">Your role does not include this. An owner or admin of the organization can change that.</p>
  );
}

export const People = makePart('/settings/people', () => import('../features/people/people-page.tsx'));
export const Keys = makePart('/settings/keys', () => import('../features/keys/keys-page.tsx'));
export const Organization = makePart('/settings/organization', () => import('../features/organization/organization-page.tsx'));
export const Audit = makePart('/settings/audit', () => import('../features/audit/audit-page.tsx'));
export const Support = makePart('/settings/support', () => import('../features/support/support-page.tsx'));
export const Security = makePart('/settings/security', () => import('../features/security/security-page.tsx'));
