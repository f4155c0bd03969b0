/** The list of sites. Loaded when the switcher is approached. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Separator } from 'react-aria-components';
import { sitesQuery } from '../../lib/api.ts';
import { may } from '../../lib/may.ts';
import { useMembership } from '../../lib/use-membership.ts';
import { Icon } from '../../ui/icon.tsx';
import { MenuLine, MenuList, OpenPopover } from '../../ui/overlay-parts.tsx';
import type { OverlayProps } from '../../ui/use-lazy-overlay.tsx';
import { WORDS } from './messages.ts';

export default function SiteMenu({ domain, triggerRef, onClose }: { domain: string } & OverlayProps) {
  const { data: sites = [] } = useQuery(sitesQuery);
  const { session } = useMembership();
  const adds = session?.memberships.some((each) => may(each, 'add:site'));
  const navigate = useNavigate();
  return (
    <OpenPopover triggerRef={triggerRef} onClose={onClose} label={WORDS.sites} className="w-72">
      <MenuList aria-label={WORDS.sites} onClose={onClose}>
        {sites.map((site) => (
          <MenuLine
            key={site.domain}
            id={site.domain}
            textValue={site.domain}
            hint={site.domain === domain && <Icon name="check" className="text-accent" />}
            onAction={() => void navigate({ to: '/$domain', params: { domain: site.domain } })}
          >
            <span className="truncate">{site.domain}</span>
          </MenuLine>
        ))}
        <Separator className="my-1.5 border-line border-t" />
        <MenuLine
          id="+"
          textValue={adds ? WORDS.add : WORDS.all}
          onAction={() => void navigate({ to: '/', search: { add: true } })}
        >
          <Icon name={adds ? 'plus' : 'list'} className="text-faint" />
          {adds ? WORDS.add : WORDS.all}
        </MenuLine>
      </MenuList>
    </OpenPopover>
  );
}
