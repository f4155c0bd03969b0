/** The account menu: who one is here, in which organization one looks, one's own security, and the way out. */
import { useNavigate } from '@tanstack/react-router';
import { Header, MenuSection, Separator } from 'react-aria-components';
import { roleLabel } from '../../lib/roles.ts';
import { signOut } from '../../lib/sign-out.ts';
import { useMembership } from '../../lib/use-membership.ts';
import { Icon } from '../../ui/icon.tsx';
import { MenuLine, MenuList, OpenPopover } from '../../ui/overlay-parts.tsx';
import type { OverlayProps } from '../../ui/use-lazy-overlay.tsx';
import { WORDS } from './messages.ts';

export default function AccountMenu({ triggerRef, onClose }: OverlayProps) {
  const navigate = useNavigate();
  const { session, membership, choose } = useMembership();
  if (!session) return null;
  const { name, email } = session.person;
  const several = session.memberships.length > 1;
  const label = WORDS.account(name || email);
  return (
    <OpenPopover triggerRef={triggerRef} onClose={onClose} placement="bottom end" label={label} className="w-72">
      <div className="border-line border-b px-4 py-3 text-sm">
        {name && <p className="truncate font-semibold">{name}</p>}
        <p className="truncate text-soft">{email}</p>
        {!several && membership && (
          <p className="truncate text-faint text-xs">
            {roleLabel(membership.role)} · {membership.organization.name}
          </p>
        )}
      </div>
      <MenuList aria-label={label} onClose={onClose}>
        {several && (
          <MenuSection
            selectionMode="single"
            selectedKeys={membership ? [String(membership.organization.id)] : []}
            disallowEmptySelection
            onSelectionChange={(keys) => choose(Number([...keys][0]))}
          >
            <Header className="px-2.5 py-1 text-faint text-xs">{WORDS.organizations}</Header>
            {session.memberships.map(({ organization, role }) => (
              <MenuLine
                key={organization.id}
                id={String(organization.id)}
                textValue={organization.name}
                hint={
                  organization.id === membership?.organization.id ? (
                    <Icon name="check" className="text-accent" />
                  ) : (
                    roleLabel(role)
                  )
                }
              >
                <span className="truncate">{organization.name}</span>
              </MenuLine>
            ))}
          </MenuSection>
        )}
        {several && <Separator className="my-1.5 border-line border-t" />}
        <MenuLine textValue={WORDS.settings} onAction={() => void navigate({ to: '/settings' })}>
          <Icon name="people" className="text-faint" />
          {WORDS.settings}
        </MenuLine>
        <MenuLine textValue={WORDS.security} onAction={() => void navigate({ to: '/settings/security' })}>
          <Icon name="shield" className="text-faint" />
          {WORDS.security}
        </MenuLine>
        <Separator className="my-1.5 border-line border-t" />
        <MenuLine textValue={WORDS.signOut} onAction={() => void signOut()}>
          <Icon name="leave" className="text-faint" />
          {WORDS.signOut}
        </MenuLine>
      </MenuList>
    </OpenPopover>
  );
}
