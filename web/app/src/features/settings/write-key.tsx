/** Under what a site is sent to by the Segment API. Another key ends the one of before, so it is asked for twice. */
import { useState } from 'react';
import type { Site } from '../../lib/api.ts';
import { Button } from '../../ui/button.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { Section } from '../../ui/section.tsx';
import { WRITE_KEY as WORDS } from './messages.ts';

export function WriteKey({ site, closed, onReplace }: { site: Site; closed: boolean; onReplace: () => void }) {
  const [asked, setAsked] = useState(false);
  return (
    <Section title={WORDS.title} lead={WORDS.lead}>
      <CopyBlock code={site.write_key} />
      {!closed && (
        <div className="mt-4 grid justify-items-start gap-3">
          {asked && <p className="text-soft text-sm">{WORDS.warning}</p>}
          <Button
            kind="line"
            onClick={() => {
              if (asked) onReplace();
              setAsked(!asked);
            }}
          >
            {asked ? WORDS.submit : WORDS.replace}
          </Button>
        </div>
      )}
    </Section>
  );
}
