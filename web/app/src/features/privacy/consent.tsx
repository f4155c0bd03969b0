/** What consent means at this site, and how its pages tell of one. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Site } from '../../lib/api.ts';
import { privacyTextQuery } from '../../lib/privacy-api.ts';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { Section } from '../../ui/section.tsx';
import { snippetOf, CONSENT as WORDS } from './consent-messages.ts';

export function ConsentPart({ site }: { site: Site }) {
  const { data } = useQuery(privacyTextQuery(site.domain, 'en'));
  return (
    <Section
      title={WORDS.title}
      lead={
        <>
          {WORDS.modes[site.settings.identity]}{' '}
          <Link to="/$domain/settings" params={{ domain: site.domain }} className="underline hover:text-ink">
            {WORDS.settings}
          </Link>
        </>
      }
    >
      <p className="mb-2 text-soft text-sm">{WORDS.page}</p>
      <CopyBlock code={snippetOf(data?.version ?? '…')} />
      <p className="mt-3 text-soft text-sm">{WORDS.later}</p>
    </Section>
  );
}
