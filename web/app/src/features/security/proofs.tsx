/** Password, authenticator app and recovery codes: what one has, and the way to change it. */
import { client, expectData } from '../../lib/api.ts';
import { securityQuery, sessionQuery } from '../../lib/people-api.ts';
import type { Security } from '../../lib/people-schema.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { useLazyOverlay } from '../../ui/use-lazy-overlay.tsx';
import { CODES, PASSWORD, TOTP } from './messages.ts';

const loadPassword = () => import('./password-dialog.tsx');
const loadTotp = () => import('./totp-dialog.tsx');
const loadCodes = () => import('./codes-dialog.tsx');

export function Proofs({ security, email }: { security: Security; email: string }) {
  const password = useLazyOverlay<{ email: string }>(loadPassword);
  const totp = useLazyOverlay<object>(loadTotp);
  const codes = useLazyOverlay<object>(loadCodes);
  const stop = useAct(() => expectData(client.DELETE('/api/me/totp')), {
    refresh: [securityQuery.queryKey, sessionQuery.queryKey],
    done: TOTP.stopped,
    quiet: true,
  });
  return (
    <>
      <Section
        title={PASSWORD.title}
        lead={security.password ? PASSWORD.lead : PASSWORD.none}
        action={
          <Button {...password.trigger} aria-haspopup="dialog" kind="line" aria-label={`${act(security)} password`}>
            {act(security)}
          </Button>
        }
      />
      <Section
        title={TOTP.title}
        lead={security.totp ? TOTP.on : TOTP.off}
        action={
          security.totp ? (
            <SureButton
              kind="line"
              title={TOTP.stopTitle}
              text={TOTP.stopText}
              action={TOTP.stop}
              onSure={() => stop.mutateAsync()}
            >
              {TOTP.stop}
            </SureButton>
          ) : (
            <Button {...totp.trigger} aria-haspopup="dialog" kind="line">
              {TOTP.start}
            </Button>
          )
        }
      />
      <Section
        title={CODES.title}
        lead={
          <p className={security.recovery_codes_left < 3 ? 'text-warn' : undefined}>
            {security.recovery_codes_left > 0 ? CODES.left(security.recovery_codes_left) : CODES.none}
          </p>
        }
        action={
          <Button {...codes.trigger} aria-haspopup="dialog" kind="line">
            {CODES.renew}
          </Button>
        }
      />
      {password.render({ email })}
      {totp.render({})}
      {codes.render({})}
    </>
  );
}

const act = ({ password }: Security) => (password ? PASSWORD.change : PASSWORD.choose);
