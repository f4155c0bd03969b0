/** Said above the list where it holds the recordings of one visitor: how to get out of that, who they are, and how to erase them all. */
import { Link } from '@tanstack/react-router';
import type { Site } from '../../lib/api.ts';
import { may, maySeeVisitors } from '../../lib/may.ts';
import { removeRecordingsOf } from '../../lib/recordings-api.ts';
import { say } from '../../lib/say.ts';
import { useAct } from '../../lib/use-act.ts';
import { membershipAt, useMembership } from '../../lib/use-membership.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { WORDS } from './messages.ts';

interface OneVisitorProps {
  site: Site;
  visitor: string;
  onEverybody: () => void;
}

export function OneVisitor({ site, visitor, onEverybody }: OneVisitorProps) {
  const { session } = useMembership();
  const membership = membershipAt(session, site);
  const remove = useAct(() => removeRecordingsOf(site.domain, visitor), {
    refresh: [['recordings', site.domain]],
    onDone: (count) => say(WORDS.removedAll(count)),
    quiet: true,
  });
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
      <p className="flex items-center gap-2">
        <Icon name="person" className="text-faint" />
        {WORDS.oneVisitor}
      </p>
      <div className="-ml-2.5 flex flex-wrap sm:ml-0">
        <Button onClick={onEverybody}>{WORDS.everybody}</Button>
        {maySeeVisitors(membership, site) && (
          <Link to="/$domain/visitors/$visitor" params={{ domain: site.domain, visitor }} className={buttonClass()}>
            {WORDS.known}
          </Link>
        )}
        {may(membership, 'remove:recordings') && (
          <SureButton
            title={WORDS.removeAllTitle}
            text={WORDS.removeAllText}
            action={WORDS.removeAll}
            onSure={() => remove.mutateAsync(undefined)}
          >
            {WORDS.removeAll}
          </SureButton>
        )}
      </div>
    </div>
  );
}
