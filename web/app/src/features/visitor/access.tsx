/** Everything that is kept of a visitor, taken out to be given to them. */
import { ApiError } from '../../lib/api.ts';
import { saveFile } from '../../lib/save.ts';
import { useAct } from '../../lib/use-act.ts';
import { takeAccess } from '../../lib/visitor-api.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { ACCESS as WORDS } from './messages.ts';

interface AccessProps {
  domain: string;
  visitor: string;
  /** The person answers to visitors and may not take anything out. */
  closed: boolean;
}

export function Access({ domain, visitor, closed }: AccessProps) {
  const take = useAct(() => takeAccess(domain, visitor), {
    onDone: (zip) => saveFile(`${domain}-visitor.zip`, zip),
    quiet: true,
  });
  return (
    <Section title={WORDS.title} lead={WORDS.lead}>
      <Problem error={describe(take.error)} />
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <Button kind="line" disabled={closed || take.isPending} onClick={() => take.mutate()}>
          <Icon name="down" />
          {take.isPending ? WORDS.taking : WORDS.take}
        </Button>
        <p className="text-faint text-xs">{closed ? WORDS.closed : WORDS.audited}</p>
      </div>
    </Section>
  );
}

/** An answer that ends before it is whole is no answer. */
const describe = (error: Error | null) =>
  error && !(error instanceof ApiError && error.status > 0) ? new Error(WORDS.brokeOff) : error;
