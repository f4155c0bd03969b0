/** The filters in force, one chip each, and the button that adds one. A chip opens its editor; its cross takes it away. */

import { describeFilter, type Filter, writeFilter } from '../../lib/filters.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useLazyOverlay } from '../../ui/use-lazy-overlay.tsx';
import type { Question } from './filter-editor.tsx';
import { WORDS } from './messages.ts';

const loadEditor = () => import('./filter-editor.tsx');

interface EditorProps extends Question {
  filter?: Filter;
  onSave: (filter: Filter) => void;
}

interface FiltersProps extends Question {
  /** Where there are two bars, by what the second is found. */
  id?: string;
  onChange: (filters: Filter[]) => void;
}

export function AddFilter({ id = 'add-filter', onChange, ...question }: FiltersProps) {
  const editor = useLazyOverlay<EditorProps>(loadEditor);
  return (
    <>
      <Button {...editor.trigger} id={id} aria-haspopup="dialog" className="px-2 print:hidden">
        <Icon name="filter" className="size-3.5" />
        {WORDS.add}
      </Button>
      {editor.render({ ...question, onSave: (filter) => onChange([...question.filters, filter]) })}
    </>
  );
}

export function FilterChips({ onChange, ...question }: FiltersProps) {
  const { filters } = question;
  if (filters.length === 0) return null;
  return (
    <section aria-label={WORDS.filters} className="flex flex-wrap items-center gap-2 pt-4">
      {filters.map((filter, index) => (
        <Chip
          key={writeFilter(filter)}
          {...question}
          filter={filter}
          filters={filters.filter((_, each) => each !== index)}
          onSave={(next) => onChange(filters.map((each, at) => (at === index ? next : each)))}
          onRemove={() => onChange(filters.filter((_, each) => each !== index))}
        />
      ))}
      {filters.length > 1 && (
        <Button className="px-2 text-faint print:hidden" onClick={() => onChange([])}>
          {WORDS.clear}
        </Button>
      )}
    </section>
  );
}

interface ChipProps extends EditorProps {
  filter: Filter;
  onRemove: () => void;
}

function Chip({ onRemove, ...props }: ChipProps) {
  const editor = useLazyOverlay<EditorProps>(loadEditor);
  const { subject, verb, object } = describeFilter(props.filter);
  return (
    <span className="inline-flex h-8 max-w-full items-center rounded-md border border-line text-sm">
      <button
        {...editor.trigger}
        type="button"
        aria-haspopup="dialog"
        className="h-full min-w-0 truncate rounded-md pr-1 pl-2.5 hover:bg-wash"
      >
        <span className="text-soft">
          {subject} {verb}
        </span>{' '}
        <span className="font-medium">{object || WORDS.empty}</span>
      </button>
      <button
        type="button"
        aria-label={WORDS.remove(`${subject} ${verb} ${object}`)}
        className="grid h-full w-7 place-items-center rounded-md text-faint hover:bg-wash hover:text-ink print:hidden"
        onClick={onRemove}
      >
        <Icon name="close" className="size-3" />
      </button>
      {editor.render(props)}
    </span>
  );
}
