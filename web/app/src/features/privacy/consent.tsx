/** What consent means at this site, and how its pages tell of one: not where no page has an id to tell of. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Site } from '../../lib/api.ts';
import { type Language, privacyTextQuery } from '../../lib/privacy-api.ts';
import { writeKnowing } from '../../lib/snippet.ts';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { Section } from '../../ui/section.tsx';
import { snippetOf, CONSENT as WORDS } from './consent-messages.ts';

interface ConsentPartProps {
  site: Site;
  /** In which the wording is whose version is consented to. */
  language: Language;
}

export function ConsentPart({ site, language }: ConsentPartProps) {
  const { identity } = site.settings;
  return (
    <Section
      title={WORDS.title}
      lead={
        <>
          {WORDS.modes[identity]}{' '}
          <Link to="/$domain/settings" params={{ domain: site.domain }} className="underline hover:text-ink">
            {WORDS.settings}
          </Link>
        </>
      }
    >
      {identity !== 'cookieless' && <OnPages site={site} language={language} />}
      <p className="text-soft text-sm">{WORDS.later}</p>
    </Section>
  );
}

function OnPages({ site, language }: ConsentPartProps) {
  const { data } = useQuery(privacyTextQuery(site.domain, language));
  // Copied without its version it would be refused.
  if (!data) return null;
  return (
    <div className="mb-3">
      <p className="mb-2 text-soft text-sm">{WORDS.page}</p>
      <CopyBlock code={snippetOf(data.version)} />
      {site.settings.identified.attributes.length === 0 && (
        <>
          <p className="mt-3 mb-2 text-soft text-sm">{WORDS.knowing}</p>
          <CopyBlock code={writeKnowing(site, location.origin)} />
        </>
      )}
    </div>
  );
}
