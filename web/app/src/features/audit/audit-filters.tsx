/** Whose acts, and which. Both are in the address. */
import type { AuditFilter } from '../../lib/audit-search.ts';
import { SelectNative } from '../../ui/select-native.tsx';
import { ACTS, WORDS } from './messages.ts';

interface AuditFiltersProps {
  names: ReadonlyMap<string, string>;
  filter: AuditFilter;
  onChange: (patch: AuditFilter) => void;
}

export function AuditFilters({ names, filter, onChange }: AuditFiltersProps) {
  const known = [...names].map(([value, label]) => ({ value, label }));
  if (filter.actor && !known.some(({ value }) => value === filter.actor)) {
    known.push({ value: filter.actor, label: filter.actor });
  }
  return (
    <>
      <div className="w-56 max-w-full max-sm:w-full">
        <SelectNative
          label={WORDS.who}
          value={filter.actor ?? ''}
          options={[{ value: '', label: WORDS.everybody }, ...known]}
          onChange={(actor) => onChange({ actor: actor || undefined })}
        />
      </div>
      <div className="w-56 max-w-full max-sm:w-full">
        <SelectNative
          label={WORDS.act}
          value={filter.act ?? ''}
          options={[{ value: '', label: WORDS.anything }, ...Object.entries(ACTS).map(([value, label]) => ({ value, label }))]}
          onChange={(act) => onChange({ act: act || undefined })}
        />
      </div>
    </>
  );
}
