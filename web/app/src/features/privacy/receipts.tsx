/** Who was erased, by number: nothing tells any more who it was. Each receipt is a file, and can be held against the stores again. */
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { formatDate } from '../../lib/format.ts';
import { checkErasure, type Erasure, erasuresQuery, receiptName } from '../../lib/privacy-api.ts';
import { saveFile } from '../../lib/save.ts';
import { Button } from '../../ui/button.tsx';
import { Line, Lines, Mark } from '../../ui/lines.tsx';
import { Section } from '../../ui/section.tsx';
import { describe } from './finding.tsx';
import { RECEIPTS as WORDS } from './messages.ts';

export function Receipts({ domain }: { domain: string }) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(erasuresQuery(domain));
  const erasures = data?.pages.flatMap((page) => page.erasures);
  return (
    <Section title={WORDS.title} lead={WORDS.lead}>
      <Lines label={WORDS.title} query={{ data: erasures, error, refetch }} none={WORDS.none}>
        {(erasure) => <Receipt key={erasure.number} domain={domain} erasure={erasure} />}
      </Lines>
      {hasNextPage && (
        <div className="mt-3 flex flex-wrap items-center gap-3 text-sm">
          <Button kind="line" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? WORDS.loading : WORDS.earlier}
          </Button>
          {error && (
            <p role="alert" className="text-bad">
              {error.message}
            </p>
          )}
        </div>
      )}
    </Section>
  );
}

function Receipt({ domain, erasure }: { domain: string; erasure: Erasure }) {
  const { number, done_at, found, receipt } = erasure;
  const check = useMutation({ mutationFn: () => checkErasure(domain, number) });
  return (
    <Line
      name={WORDS.receipt(number)}
      below={
        <>
          {describe(found)}
          <p role="status" className="text-xs">
            {check.isPending && <Mark>{WORDS.checking}</Mark>}
            {check.error && <Mark tone="bad">{check.error.message}</Mark>}
            {check.data && (
              <>
                <Mark tone={check.data.still_true ? 'good' : 'bad'}>
                  {check.data.still_true ? WORDS.isTrue : WORDS.isNotTrue}
                </Mark>{' '}
                {WORDS.backups[check.data.backups]}
              </>
            )}
          </p>
        </>
      }
      facts={done_at ? formatDate(done_at) : <Mark tone="warn">{WORDS.waits}</Mark>}
      actions={
        receipt && (
          <>
            <Button aria-label={WORDS.saveOf(number)} onClick={() => saveFile(receiptName(domain, number), receipt)}>
              {WORDS.save}
            </Button>
            <Button aria-label={WORDS.checkOf(number)} disabled={check.isPending} onClick={() => check.mutate()}>
              {WORDS.check}
            </Button>
          </>
        )
      }
    />
  );
}
