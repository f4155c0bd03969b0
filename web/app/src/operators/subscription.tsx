/** Whether an organization's subscription has ended, what follows and when, and saying so. That time nobody makes shorter. */
import { expectData } from '../lib/api.ts';
import { formatDate } from '../lib/format.ts';
import { useAct } from '../lib/use-act.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/lines.tsx';
import { SureButton } from '../ui/sure-button.tsx';
import { client, organizationsQuery } from './api.ts';
import type { OrganizationSize } from './schema.ts';
import { SUBSCRIPTION as WORDS } from './subscription-messages.ts';

const DAY_MS = 86_400_000;

export function Subscription({ organization }: { organization: OrganizationSize }) {
  const { id, name, ended_at, removed_at, told_days, told_by_mail } = organization;
  const say = (ended: boolean) =>
    expectData(client.PUT('/api/operator/organizations/{id}/subscription', { params: { path: { id } }, body: { ended } }));
  const refresh = [organizationsQuery.queryKey];
  const end = useAct(() => say(true), { refresh, done: WORDS.endDone, quiet: true });
  const resume = useAct(() => say(false), { refresh, done: WORDS.resumeDone });
  if (!ended_at || !removed_at) {
    return (
      <p>
        {WORDS.goesOn}{' '}
        <SureButton
          className="-mx-2.5"
          label={WORDS.endOf(name)}
          title={WORDS.endTitle(name)}
          text={WORDS.endText(told_by_mail)}
          action={WORDS.action}
          onSure={() => end.mutateAsync()}
        >
          {WORDS.end}
        </SureButton>
      </p>
    );
  }
  const left = Math.ceil((Date.parse(removed_at) - Date.now()) / DAY_MS);
  return (
    <div>
      <Mark tone="bad">{WORDS.ended(formatDate(ended_at))}</Mark>
      <p>{left > 0 ? WORDS.left(left, formatDate(removed_at)) : WORDS.over}</p>
      {(told_by_mail || told_days != null) && (
        <p className="text-xs">{told_days == null ? WORDS.notTold : WORDS.told(told_days)}</p>
      )}
      {!told_by_mail && <p className="text-xs">{WORDS.tellThem}</p>}
      <Button className="-ml-2.5" aria-label={WORDS.resumeOf(name)} disabled={resume.isPending} onClick={() => resume.mutate()}>
        {WORDS.resume}
      </Button>
    </div>
  );
}
