/** Writes one filter: of what, how, and which values, with the values that occur offered as one types. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type FormEvent, useDeferredValue, useState } from 'react';
import { Dialog, ListBox, ListBoxItem } from 'react-aria-components';
import { client, expectData } from '../../lib/api.ts';
import { DIMENSION_KEYS, type DimensionKey, dimension } from '../../lib/dimensions.ts';
import { type Filter, OPERATOR_WORDS, OPERATORS, type Operator, toApiFilter } from '../../lib/filters.ts';
import { formatCompact } from '../../lib/format.ts';
import { nameValue } from '../../lib/names.ts';
import type { ApiRange } from '../../lib/period.ts';
import { Button } from '../../ui/button.tsx';
import { FIELD, SelectField } from '../../ui/fields.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LINE, OpenPopover } from '../../ui/overlay-parts.tsx';
import type { OverlayProps } from '../../ui/use-lazy-overlay.tsx';
import { WORDS } from './messages.ts';

/** What the offered values are taken from. */
export interface Question {
  domain: string;
  range: ApiRange;
  /** The other filters in force. */
  filters: Filter[];
}

interface FilterEditorProps extends Question, OverlayProps {
  filter?: Filter;
  onSave: (filter: Filter) => void;
}

const OFFERED = 40;

export default function FilterEditor({ filter, onSave, triggerRef, onClose, ...question }: FilterEditorProps) {
  const [key, setKey] = useState<DimensionKey>(filter?.dimension ?? 'page');
  const [operator, setOperator] = useState<Operator>(filter?.operator ?? 'is');
  const [values, setValues] = useState<string[]>(filter?.values ?? []);
  const picks = operator === 'is' || operator === 'is_not';
  const [text, setText] = useState(picks ? '' : (filter?.values.join(' ') ?? ''));
  const chosen = picks ? values : text ? [text] : [];

  function save(event: FormEvent) {
    event.preventDefault();
    if (chosen.length === 0) return;
    onSave({ dimension: key, operator, values: chosen });
    onClose();
  }

  return (
    <OpenPopover triggerRef={triggerRef} onClose={onClose} className="w-88">
      <Dialog aria-label={filter ? WORDS.changing : WORDS.adding} className="outline-none">
        <form onSubmit={save}>
          <div className="grid grid-cols-2 gap-2 p-3">
            <SelectField
              label={WORDS.of}
              value={key}
              options={DIMENSION_KEYS.map((each) => ({ value: each, label: dimension(each).label }))}
              onChange={(next) => {
                setKey(next);
                setValues([]);
                setText('');
              }}
            />
            <SelectField
              label={WORDS.how}
              value={operator}
              options={OPERATORS.map((each) => ({ value: each, label: OPERATOR_WORDS[each] }))}
              onChange={setOperator}
            />
            <label className="col-span-2 block">
              <span className="mb-1 block text-faint text-xs">
                {picks ? WORDS.search : operator === 'matches' ? WORDS.pattern : WORDS.text}
              </span>
              <input
                autoFocus
                value={text}
                maxLength={200}
                spellCheck={false}
                autoComplete="off"
                className={FIELD}
                onChange={(event) => setText(event.target.value)}
              />
            </label>
          </div>
          {picks && <Values question={question} dimensionKey={key} search={text} chosen={values} onChange={setValues} />}
          <div className="flex items-center justify-end gap-2 border-line border-t p-3">
            <span className="mr-auto text-faint text-xs">{picks && chosen.length > 0 && WORDS.chosen(chosen.length)}</span>
            <Button onClick={onClose}>{WORDS.cancel}</Button>
            <Button type="submit" kind="solid" disabled={chosen.length === 0}>
              {WORDS.apply}
            </Button>
          </div>
        </form>
      </Dialog>
    </OpenPopover>
  );
}

interface ValuesProps {
  question: Question;
  dimensionKey: DimensionKey;
  search: string;
  chosen: string[];
  onChange: (values: string[]) => void;
}

function Values({ question, dimensionKey, search, chosen, onChange }: ValuesProps) {
  const { kind, api } = dimension(dimensionKey);
  const codes = kind === 'country' || kind === 'language';
  const typed = useDeferredValue(search.trim());
  const asked = codes ? '' : typed;
  const { data: rows = [], isError } = useQuery({
    queryKey: ['values', question, api, asked],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const filters: unknown[] = question.filters.map(toApiFilter);
      if (asked) filters.push(['contains', api, [asked], { case_sensitive: false }]);
      const pagination = { limit: codes ? 300 : OFFERED, offset: 0 };
      const body = {
        site_id: question.domain,
        date_range: question.range,
        metrics: ['visitors'],
        dimensions: [api],
        filters,
        pagination,
      };
      const { results } = await expectData(client.POST('/api/v2/query', { body, signal }));
      return results.map((row) => ({ value: row.dimensions[0] ?? '', visitors: row.metrics[0] ?? 0 }));
    },
  });
  const fits = (value: string) => !codes || nameValue(kind, value).toLowerCase().includes(typed.toLowerCase());
  const offered = rows.filter((row) => fits(row.value)).slice(0, OFFERED);
  const missing = chosen.filter((value) => !offered.some((row) => row.value === value));
  const own = typed && !codes && !offered.some((row) => row.value === typed) && !chosen.includes(typed) ? [typed] : [];
  const items = [...missing.map((value) => ({ value })), ...offered, ...own.map((value) => ({ value }))] as {
    value: string;
    visitors?: number;
  }[];
  return (
    <ListBox
      aria-label={WORDS.values}
      selectionMode="multiple"
      items={items.map((item) => ({ ...item, id: `=${item.value}` }))}
      selectedKeys={chosen.map((value) => `=${value}`)}
      onSelectionChange={(keys) => keys !== 'all' && onChange([...keys].map((each) => String(each).slice(1)))}
      renderEmptyState={() => <p className="p-3 text-faint text-sm">{isError ? WORDS.failed : WORDS.none}</p>}
      className="h-56 overflow-auto border-line border-t p-1.5 outline-none"
    >
      {(item) => (
        <ListBoxItem id={item.id} textValue={item.value} className={`group ${LINE}`}>
          <span className="grid size-4 shrink-0 place-items-center rounded-sm border border-edge text-transparent group-data-[selected]:border-accent group-data-[selected]:bg-accent group-data-[selected]:text-on-accent">
            <Icon name="check" className="size-3" />
          </span>
          <span className="min-w-0 flex-1 truncate">{nameValue(kind, item.value)}</span>
          <span className="numerals text-faint text-xs">{item.visitors === undefined ? '' : formatCompact(item.visitors)}</span>
        </ListBoxItem>
      )}
    </ListBox>
  );
}
