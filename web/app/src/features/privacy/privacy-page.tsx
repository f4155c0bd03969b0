/** The privacy centre of a site: what its visitors ask, erasing them, and how long things are kept. */
import { useQuery } from '@tanstack/react-query';
import type { Site } from '../../lib/api.ts';
import { requestsQuery } from '../../lib/privacy-api.ts';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { Lines } from '../../ui/lines.tsx';
import { Section } from '../../ui/section.tsx';
import { Erasing } from './erasing.tsx';
import { Keeping } from './keeping.tsx';
import { CENTRE as WORDS } from './messages.ts';
import { Request } from './request.tsx';

export function PrivacyPage({ site }: { site: Site }) {
  const requests = useQuery(requestsQuery(site.domain));
  return (
    <>
      <Section title={WORDS.requests} lead={WORDS.requestsLead}>
        <p className="mb-2 text-soft text-sm">{WORDS.page}</p>
        <div className="mb-6">
          <CopyBlock code={`${location.origin}/privacy/${site.domain}`} />
        </div>
        <Lines label={WORDS.requests} query={requests} none={WORDS.none}>
          {(request) => <Request key={request.number} domain={site.domain} request={request} />}
        </Lines>
      </Section>
      <Erasing domain={site.domain} />
      <Keeping domain={site.domain} />
    </>
  );
}
