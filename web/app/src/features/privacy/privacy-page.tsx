/** The privacy centre of a site: what its visitors ask, who they are and were, how long things are kept, and what of it the site itself says. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Site } from '../../lib/api.ts';
import { may, mayAnswer } from '../../lib/may.ts';
import { type Language, requestsQuery } from '../../lib/privacy-api.ts';
import { membershipAt, useMembership } from '../../lib/use-membership.ts';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { Lines } from '../../ui/lines.tsx';
import { Section } from '../../ui/section.tsx';
import { Addresses } from './addresses.tsx';
import { ConsentPart } from './consent.tsx';
import { Declared } from './declared.tsx';
import { Finding } from './finding.tsx';
import { Keeping } from './keeping.tsx';
import { CENTRE as WORDS } from './messages.ts';
import { Receipts } from './receipts.tsx';
import { Request } from './request.tsx';
import { Wording } from './wording.tsx';

export function PrivacyPage({ site }: { site: Site }) {
  const membership = membershipAt(useMembership().session, site);
  const [language, setLanguage] = useState<Language>('en');
  if (!membership) return null;
  if (!mayAnswer(membership)) {
    return (
      <div className="max-w-xl">
        <h2 className="mb-2 font-semibold text-lg">{WORDS.refusedTitle}</h2>
        <p className="text-soft">{WORDS.refusedText}</p>
      </div>
    );
  }
  const { domain } = site;
  const closed = !may(membership, 'change:site');
  return (
    <>
      <Requests domain={domain} />
      <Finding domain={domain} />
      <Receipts domain={domain} />
      <Keeping site={site} closed={closed} />
      <ConsentPart site={site} language={language} />
      <Wording domain={domain} language={language} onLanguage={setLanguage} />
      <Declared site={site} closed={closed} />
      <Addresses site={site} closed={closed} />
    </>
  );
}

function Requests({ domain }: { domain: string }) {
  const requests = useQuery(requestsQuery(domain));
  return (
    <Section title={WORDS.requests} lead={WORDS.requestsLead}>
      <p className="mb-2 text-soft text-sm">{WORDS.page}</p>
      <div className="mb-6">
        <CopyBlock code={`${location.origin}/privacy/${domain}`} />
      </div>
      <Lines label={WORDS.requests} query={requests} none={WORDS.none}>
        {(request) => <Request key={request.number} domain={domain} request={request} />}
      </Lines>
    </Section>
  );
}
