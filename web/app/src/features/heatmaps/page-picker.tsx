/** Chooses a page of those that were recorded, or a pattern of pages as one writes it. Paths are strangers' text. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Dialog, ListBox, ListBoxItem } from 'react-aria-components';
import { formatCompact } from '../../lib/format.ts';
import { pagesQuery } from '../../lib/heat-api.ts';
import { FIELD } from '../../ui/fields.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LINE, OpenPopover } from '../../ui/overlay-parts.tsx';
import type { OverlayProps } from '../../ui/use-lazy-overlay.tsx';
import { WORDS } from './messages.ts';
import type { PageChoice } from './page-button.tsx';

const OFFERED = 60;
const LENGTH_MAX = 500;

interface Item {
  path: string;
  recordings?: number;
}

export default function PagePicker({ question, page, onChoose, triggerRef, onClose }: PageChoice & OverlayProps) {
  const [text, setText] = useState('');
  const { data = [], isError } = useQuery(pagesQuery(question));
  const typed = text.trim();
  const isPattern = /^[/*]/.test(typed) && !data.some(({ path }) => path === typed);
  const offered: Item[] = data.filter(({ path }) => path.toLowerCase().includes(typed.toLowerCase())).slice(0, OFFERED);
  const items = isPattern ? [{ path: typed }, ...offered] : offered;
  const choose = (path: string | undefined) => {
    if (!path) return;
    if (path !== page) onChoose(path);
    onClose();
  };
  return (
    <OpenPopover triggerRef={triggerRef} onClose={onClose} className="w-96">
      <Dialog aria-label={WORDS.choosePage} className="outline-none">
        <form
          className="p-3"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            if (typed) choose(items[0]?.path);
            else onClose();
          }}
        >
          <label className="block">
            <span className="mb-1 block text-faint text-xs">{WORDS.searchPage}</span>
            <input
              autoFocus
              value={text}
              placeholder={page}
              maxLength={LENGTH_MAX}
              spellCheck={false}
              autoComplete="off"
              className={FIELD}
              onChange={(event) => setText(event.target.value)}
            />
          </label>
          <p className="mt-1 text-faint text-xs">{WORDS.patternHelp}</p>
        </form>
        <ListBox
          aria-label={WORDS.ofPages}
          selectionMode="single"
          items={items.map((item) => ({ ...item, id: item.path }))}
          selectedKeys={[page]}
          onSelectionChange={(keys) => choose(String([...keys][0] ?? page))}
          renderEmptyState={() => <p className="p-3 text-faint text-sm">{isError ? WORDS.pagesFailed : WORDS.noPages}</p>}
          className="max-h-72 overflow-auto border-line border-t p-1.5 outline-none"
        >
          {({ path, recordings }) => (
            <ListBoxItem id={path} textValue={path} className={`group ${LINE}`}>
              <span className="min-w-0 flex-1 truncate" title={path}>
                {recordings === undefined ? WORDS.allThatFit(path) : path}
              </span>
              <span className="numerals text-faint text-xs">{recordings !== undefined && formatCompact(recordings)}</span>
              <Icon name="check" className="size-3.5 text-accent opacity-0 group-data-[selected]:opacity-100" />
            </ListBoxItem>
          )}
        </ListBox>
      </Dialog>
    </OpenPopover>
  );
}
