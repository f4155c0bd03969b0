/** The API keys of an organization. */
import { useQuery } from '@tanstack/react-query';
import { client, expectData } from '../../lib/api.ts';
import { formatDate, formatSince } from '../../lib/format.ts';
import { may } from '../../lib/may.ts';
import { keysQuery } from '../../lib/people-api.ts';
import type { Key, Membership } from '../../lib/people-schema.ts';
import { useAct } from '../../lib/use-act.ts';
import { useNow } from '../../lib/use-now.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Line, Lines, Mark } from '../../ui/lines.tsx';
import { Section } from '../../ui/section.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { useLazyOverlay } from '../../ui/use-lazy-overlay.tsx';
import { SCOPES, WORDS } from './messages.ts';

const MINUTE_MS = 60_000;
const loadNewKey = () => import('./new-key-dialog.tsx');

export default function KeysPage({ membership }: { membership: Membership }) {
  const organization = membership.organization.id;
  const query = keysQuery(organization);
  const keys = useQuery(query);
  const dialog = useLazyOverlay<{ membership: Membership }>(loadNewKey);
  const now = useNow(MINUTE_MS).getTime();
  const revoke = useAct(
    (id: string) => expectData(client.DELETE('/api/keys/{id}', { params: { path: { id }, query: { organization } } })),
    {
      refresh: [query.queryKey],
      done: WORDS.revoked,
      quiet: true,
    },
  );
  return (
    <>
      <Section
        title={WORDS.title}
        lead={WORDS.lead}
        action={
          may(membership, 'add:keys') && (
            <Button {...dialog.trigger} aria-haspopup="dialog" kind="solid">
              <Icon name="plus" />
              {WORDS.make}
            </Button>
          )
        }
      >
        <Lines label={WORDS.title} query={keys} none={WORDS.none}>
          {(key) => (
            <Line
              key={key.id}
              name={key.name || WORDS.unnamed}
              below={`${key.site ?? WORDS.allSites}: ${describeScopes(key)}`}
              facts={
                <>
                  <span className="block">{key.last_used ? WORDS.used(formatSince(key.last_used, now)) : WORDS.unused}</span>
                  <Expiry at={key.expires_at} now={now} />
                </>
              }
              actions={
                may(membership, 'remove:keys') && (
                  <SureButton
                    label={WORDS.revokeOf(key.name || WORDS.unnamed)}
                    title={WORDS.revokeTitle}
                    text={WORDS.revokeText(key.name || WORDS.unnamed)}
                    action={WORDS.revoke}
                    onSure={() => revoke.mutateAsync(key.id)}
                  >
                    {WORDS.revoke}
                  </SureButton>
                )
              }
            />
          )}
        </Lines>
      </Section>
      {dialog.render({ membership })}
    </>
  );
}

const describeScopes = ({ scopes }: Key) =>
  SCOPES.filter(({ value }) => scopes.includes(value))
    .map(({ label }) => label.toLowerCase())
    .join(', ');

function Expiry({ at, now }: { at?: string | null; now: number }) {
  if (!at) return <Mark>{WORDS.noEnd}</Mark>;
  if (Date.parse(at) <= now) return <Mark tone="bad">{WORDS.ended}</Mark>;
  return <Mark>{WORDS.until(formatDate(at))}</Mark>;
}
