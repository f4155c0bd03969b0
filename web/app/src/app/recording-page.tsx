/** The player, in the frame of the other screens. Nothing of it waits for a second file: what is waited for twice is shown late. */
import { Link, useParams } from '@tanstack/react-router';
import { PlayerPage } from '../features/player/player-page.tsx';
import { lastList } from '../lib/last-list.ts';
import { Icon } from '../ui/icon.tsx';
import { BACK, SiteFrame, useSite } from './site-frame.tsx';

export function PlayerScreen() {
  const { domain = '', id = '' } = useParams({ strict: false });
  const found = useSite('Recording');
  return (
    <SiteFrame found={found}>
      {(site) => (
        <>
          <Link to="/$domain/recordings" params={{ domain }} search={lastList(domain)} className={BACK}>
            <Icon name="left" className="size-3.5" />
            Recordings
          </Link>
          <PlayerPage key={id} site={site} id={id} />
        </>
      )}
    </SiteFrame>
  );
}
