/** New recovery codes: asked once, made, shown once. */
import { client, expectData } from '../../lib/api.ts';
import { securityQuery } from '../../lib/people-api.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { OpenModal } from '../../ui/overlay-parts.tsx';
import { Problem } from '../../ui/problem.tsx';
import { RecoveryCodes } from '../../ui/recovery-codes.tsx';
import type { OverlayProps } from '../../ui/use-lazy-overlay.tsx';
import { CODES as WORDS } from './messages.ts';

export default function CodesDialog({ onClose }: OverlayProps) {
  const renew = useAct(() => expectData(client.POST('/api/me/recovery-codes')), {
    refresh: [securityQuery.queryKey],
    quiet: true,
  });
  return (
    <OpenModal title={renew.data ? WORDS.shown : WORDS.renewTitle} className="max-w-md" stays onClose={onClose}>
      <div className="grid gap-5 overflow-auto p-5">
        {renew.data ? (
          <RecoveryCodes codes={renew.data.recovery_codes} action={WORDS.done} onKept={onClose} />
        ) : (
          <>
            <p className="text-soft text-sm">{WORDS.renewText}</p>
            <Problem error={renew.error} />
            <div>
              <Button kind="solid" disabled={renew.isPending} onClick={() => renew.mutate()}>
                {WORDS.renew}
              </Button>
            </div>
          </>
        )}
      </div>
    </OpenModal>
  );
}
