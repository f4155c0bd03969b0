/** How anyone checks the log without trusting this screen, and the signed checkpoint to keep for it. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { checkpointQuery } from '../../lib/people-api.ts';
import { saveFile } from '../../lib/save.ts';
import { Button } from '../../ui/button.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { verifyCommands, WORDS } from './messages.ts';

export function Verify({ organization }: { organization: number }) {
  const [asked, ask] = useState(false);
  const checkpoint = useQuery({ ...checkpointQuery(organization), enabled: asked, staleTime: 0 });
  return (
    <Section title={WORDS.verify} lead={WORDS.verifyLead}>
      <div className="grid gap-4">
        <div>
          <p className="mb-2 text-soft text-sm">{WORDS.steps}</p>
          <CopyBlock code={verifyCommands(organization)} />
        </div>
        {checkpoint.data ? (
          <div>
            <p className="mb-2 text-soft text-sm">{WORDS.checkpoint}</p>
            <CopyBlock code={checkpoint.data} />
            <Button className="mt-2 -ml-2.5" onClick={() => saveFile('checkpoint.txt', checkpoint.data)}>
              <Icon name="down" />
              {WORDS.keep}
            </Button>
          </div>
        ) : (
          <div>
            <Button kind="line" disabled={checkpoint.isFetching} onClick={() => ask(true)}>
              {WORDS.showCheckpoint}
            </Button>
          </div>
        )}
        <Problem error={checkpoint.error} />
      </div>
    </Section>
  );
}
