/** The switch without which no full address is kept, and the three conditions, each as it is now. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { agreementQuery } from '../../lib/agreement-api.ts';
import type { Site } from '../../lib/api.ts';
import { useSiteChange } from '../../lib/use-site-change.ts';
import { Mark } from '../../ui/lines.tsx';
import { Section } from '../../ui/section.tsx';
import { SwitchLine } from '../../ui/switch-line.tsx';
import { ADDRESSES as WORDS } from './consent-messages.ts';

export function Addresses({ site, closed }: { site: Site; closed: boolean }) {
  const { change, state } = useSiteChange(site);
  const agreement = useQuery(agreementQuery(site.organization));
  const { addresses, attributes } = site.settings.identified;
  const conditions = [
    { text: WORDS.declared, now: addresses && attributes.some(({ kind }) => kind === 'address') },
    { text: WORDS.agreed, now: agreement.data?.accepted },
    { text: WORDS.consented, now: 'each time' as const },
  ];
  return (
    <Section title={WORDS.title} lead={WORDS.lead}>
      <ol className="mb-5 list-decimal pl-5 text-sm">
        {conditions.map(({ text, now }) => (
          <li key={text} className="py-0.5">
            {text} {now !== undefined && <State now={now} />}
            {text === WORDS.agreed && (
              <>
                {' '}
                <Link
                  to="/settings/organization"
                  search={{ organization: site.organization }}
                  className="text-soft underline hover:text-ink"
                >
                  {WORDS.agreement}
                </Link>
              </>
            )}
          </li>
        ))}
      </ol>
      <SwitchLine
        label={WORDS.allow}
        help={WORDS.allowHelp}
        on={addresses}
        disabled={closed}
        onChange={(on) => change({ identified: { addresses: on } })}
      />
      {state.bad && (
        <p role="alert" className="mt-2 text-bad text-sm">
          {state.words}
        </p>
      )}
    </Section>
  );
}

function State({ now }: { now: boolean | 'each time' }) {
  if (now === 'each time') return <Mark>{WORDS.eachTime}</Mark>;
  return <Mark tone={now ? 'good' : 'warn'}>{now ? WORDS.isTrue : WORDS.isNotTrue}</Mark>;
}
