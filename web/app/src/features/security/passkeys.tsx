/** One's passkeys. */
import { client, expectData } from '../../lib/api.ts';
import { formatDate, formatSince } from '../../lib/format.ts';
import { hasPasskeys } from '../../lib/passkey.ts';
import { securityQuery } from '../../lib/people-api.ts';
import type { Passkey } from '../../lib/people-schema.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Line, Lines } from '../../ui/lines.tsx';
import { Section } from '../../ui/section.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { useLazyOverlay } from '../../ui/use-lazy-overlay.tsx';
import { PASSKEYS as WORDS } from './messages.ts';

const loadDialog = () => import('./passkey-dialog.tsx');

export function Passkeys({ passkeys }: { passkeys: Passkey[] }) {
  const dialog = useLazyOverlay<object>(loadDialog);
  const able = hasPasskeys() && isSecureContext;
  const remove = useAct((id: string) => expectData(client.DELETE('/api/me/passkeys/{id}', { params: { path: { id } } })), {
    refresh: [securityQuery.queryKey],
    done: WORDS.removed,
    quiet: true,
  });
  return (
    <Section
      title={WORDS.title}
      lead={able ? WORDS.lead : WORDS.unable}
      action={
        <Button {...dialog.trigger} aria-haspopup="dialog" kind="line" disabled={!able}>
          <Icon name="plus" />
          {WORDS.add}
        </Button>
      }
    >
      <Lines label={WORDS.title} query={{ data: passkeys, error: null, refetch: () => undefined }} none={WORDS.none}>
        {(passkey) => (
          <Line
            key={passkey.id}
            name={passkey.name}
            facts={
              <>
                <span className="block">
                  {passkey.last_used_at ? WORDS.used(formatSince(passkey.last_used_at, Date.now())) : WORDS.unused}
                </span>
                <span className="block text-faint text-xs">{WORDS.made(formatDate(passkey.created_at))}</span>
              </>
            }
            actions={
              <SureButton
                label={WORDS.removeOf(passkey.name)}
                title={WORDS.removeTitle}
                text={WORDS.removeText(passkey.name)}
                action={WORDS.remove}
                onSure={() => remove.mutateAsync(passkey.id)}
              >
                {WORDS.remove}
              </SureButton>
            }
          />
        )}
      </Lines>
      {dialog.render({})}
    </Section>
  );
}
