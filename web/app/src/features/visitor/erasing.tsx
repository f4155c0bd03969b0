/** What erasing a visitor would take out, doing it once it is meant, and the receipt. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { healthQuery } from '../../lib/api.ts';
import { formatBytes } from '../../lib/bytes.ts';
import { formatDate } from '../../lib/format.ts';
import { type Erasure, findErasure, receiptName } from '../../lib/privacy-api.ts';
import { saveFile } from '../../lib/save.ts';
import { useAct } from '../../lib/use-act.ts';
import { afterErasing, eraseVisitor, letGoOfShown, type Preview } from '../../lib/visitor-api.ts';
import { Again } from '../../ui/again.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { useFocus } from '../../ui/use-focus.ts';
import { VISITOR, ERASING as WORDS } from './messages.ts';

interface ErasingProps {
  domain: string;
  visitor: string;
  preview: { data?: Preview; error: Error | null; refetch: () => unknown };
  onErased: (erasure: Erasure) => void;
}

export function Erasing({ domain, visitor, preview, onErased }: ErasingProps) {
  const queries = useQueryClient();
  const erase = useAct(() => eraseVisitor(domain, visitor), {
    refresh: afterErasing(domain),
    onDone: (erasure) => {
      letGoOfShown(queries, domain);
      onErased(erasure);
    },
    quiet: true,
  });
  const { data, error } = preview;
  const makesBackups = useQuery(healthQuery).data?.backups !== 'off';
  return (
    <Section title={WORDS.title} lead={WORDS.lead}>
      {error && <Again className="mb-4" text={error.message} onAgain={preview.refetch} />}
      {!data && !error && <Skeleton className="h-10 w-full" />}
      {data && (
        <>
          <p className="max-w-prose text-sm">{wouldGo(data, makesBackups)}</p>
          <SureButton
            kind="line"
            className="mt-4 text-bad"
            title={WORDS.eraseTitle}
            text={`${wouldGo(data, makesBackups)} ${WORDS.eraseText}`}
            action={WORDS.action}
            onSure={() => erase.mutateAsync()}
          >
            {WORDS.erase}
          </SureButton>
        </>
      )}
    </Section>
  );
}

function wouldGo({ found, event_bytes_about, backups_until }: Preview, makesBackups: boolean): string {
  const { events, set_aside, visits, recordings, recording_bytes } = found;
  if (events + set_aside + recordings === 0) return WORDS.nothing;
  const bytes = event_bytes_about + recording_bytes;
  const what = [
    VISITOR.kept(events + set_aside, visits),
    VISITOR.recordings(recordings),
    bytes > 0 && WORDS.bytes(formatBytes(bytes)),
  ];
  const would = WORDS.would(what.filter(Boolean).join(', '));
  return makesBackups ? `${would} ${WORDS.backups(formatDate(backups_until))}` : would;
}

/** Stands in the place of the page: there is nobody to show any more. */
export function Erased({ domain, erasure }: { domain: string; erasure: Erasure }) {
  const { number, also = [] } = erasure;
  const numbers = [number, ...also].sort((a, b) => a - b);
  const heading = useFocus<HTMLHeadingElement>();
  const save = useAct((wanted: number) => (wanted === number ? Promise.resolve(erasure) : findErasure(domain, wanted)), {
    onDone: ({ number, receipt }) => receipt && saveFile(receiptName(domain, number), receipt),
    quiet: true,
  });
  return (
    <div className="max-w-xl">
      <h1 ref={heading} tabIndex={-1} className="mb-2 font-semibold text-title tracking-[-0.02em] outline-none">
        {WORDS.doneTitle}
      </h1>
      <p className="mb-6 text-soft">{WORDS.done(numbers)}</p>
      <Problem error={save.error} />
      <div className="mt-3 flex flex-wrap gap-2">
        {numbers.map((each) => (
          <Button key={each} kind="solid" disabled={save.isPending} onClick={() => save.mutate(each)}>
            {numbers.length === 1 ? WORDS.save : WORDS.saveOf(each)}
          </Button>
        ))}
        <Link to="/$domain/privacy" params={{ domain }} className={buttonClass('line')}>
          {WORDS.centre}
        </Link>
      </div>
    </div>
  );
}
