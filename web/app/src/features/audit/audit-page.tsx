/** The audit log of an organization: filtered, read back in time, taken out, and verified by whoever wants to. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { client, expectData } from '../../lib/api.ts';
import type { AuditFilter } from '../../lib/audit-search.ts';
import { formatExact } from '../../lib/format.ts';
import { may } from '../../lib/may.ts';
import { auditQuery, peopleQuery } from '../../lib/people-api.ts';
import type { Membership } from '../../lib/people-schema.ts';
import { saveFile } from '../../lib/save.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { Entry } from './entry.tsx';
import { WORDS } from './messages.ts';
import { Verify } from './verify.tsx';

export default function AuditPage({ membership }: { membership: Membership }) {
  const organization = membership.organization.id;
  const { actor, act } = useSearch({ strict: false }) as AuditFilter;
  const navigate = useNavigate();
  const filter = { ...(actor && { actor }), ...(act && { act }) };
  const log = useInfiniteQuery({ ...auditQuery(organization, filter), placeholderData: keepPreviousData });
  const entries = log.data?.pages.flatMap((page) => page.entries);
  const people = useQuery({ ...peopleQuery(organization), enabled: may(membership, 'see:people') });
  const names = new Map(people.data?.map((person) => [person.id, person.name || person.email]));
  const change = (patch: AuditFilter) =>
    void navigate({
      to: '/settings/audit',
      search: (known) => ({ ...known, ...patch }),
      replace: true,
      resetScroll: false,
    });
  return (
    <>
      <p className="mb-6 max-w-prose text-soft">{WORDS.lead}</p>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <AuditFilters names={names} filter={filter} onChange={change} />
        {may(membership, 'export:audit_log') && <ExportButton organization={organization} />}
      </div>
      {log.isError && (
        <p role="alert" className="mb-4 text-bad text-sm">
          {log.error.message}
        </p>
      )}
      {!entries && !log.isError && <Skeleton className="h-96 w-full" />}
      {entries && (
        <>
          <ol aria-label={WORDS.entries} aria-busy={log.isPlaceholderData} className="border-line border-t">
            {entries.map((entry) => (
              <Entry key={entry.number} entry={entry} names={names} />
            ))}
          </ol>
          <div className="flex flex-wrap items-center justify-between gap-3 py-4 text-faint text-sm">
            <p role="status">
              {entries.length === 0
                ? actor || act
                  ? WORDS.none
                  : WORDS.empty
                : WORDS.size(formatExact(log.data?.pages[0]?.size ?? entries.length))}
            </p>
            {log.hasNextPage && (
              <Button kind="line" disabled={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
                {log.isFetchingNextPage ? WORDS.loading : WORDS.earlier}
              </Button>
            )}
          </div>
        </>
      )}
      <Verify organization={organization} />
    </>
  );
}

function ExportButton({ organization }: { organization: number }) {
  const take = useAct(
    () => expectData(client.GET('/api/audit/export', { params: { query: { organization } }, parseAs: 'blob' })) as Promise<Blob>,
    { onDone: (file) => saveFile('audit.jsonl', file) },
  );
  return (
    <Button kind="line" className="h-9" disabled={take.isPending} onClick={() => take.mutate()}>
      <Icon name="down" />
      {take.isPending ? WORDS.exporting : WORDS.export}
    </Button>
  );
}
