/** Everything one can do or go to, found by typing. */
import { Autocomplete, Dialog, Header, Input, Menu, MenuSection, SearchField, useFilter } from 'react-aria-components';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { MenuLine, ModalFrame } from '../../ui/overlay-parts.tsx';
import { WORDS } from './messages.ts';

export interface Command {
  id: string;
  label: string;
  /** Its key, where it has one, or what it is now. */
  hint?: string;
  icon?: IconName;
  run: () => void;
}

export interface CommandGroup {
  title: string;
  commands: Command[];
}

export function Palette({ groups, onClose }: { groups: CommandGroup[]; onClose: () => void }) {
  const { contains } = useFilter({ sensitivity: 'base' });
  const all = groups.flatMap((group) => group.commands);
  return (
    <ModalFrame className="max-w-xl" onClose={onClose}>
      <Dialog aria-label={WORDS.title} className="flex max-h-[inherit] flex-col outline-none">
        <Autocomplete filter={contains}>
          <SearchField autoFocus aria-label={WORDS.title} className="flex items-center gap-3 border-line border-b px-4">
            <Icon name="search" className="text-faint" />
            <Input
              placeholder={WORDS.placeholder}
              className="h-12 min-w-0 flex-1 bg-transparent text-lg outline-none placeholder:text-faint [&::-webkit-search-cancel-button]:hidden"
            />
          </SearchField>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable; the menu keeps its focus in the field */}
          <section tabIndex={0} aria-label={WORDS.results} className="min-h-0 flex-1 overflow-auto outline-offset-[-2px]">
            <Menu
              aria-label={WORDS.results}
              className="p-1.5 outline-none"
              onAction={(key) => {
                onClose();
                setTimeout(() => all.find((command) => command.id === key)?.run());
              }}
              renderEmptyState={() => <p className="p-6 text-center text-faint text-sm">{WORDS.none}</p>}
            >
              {groups.map((group) => (
                <MenuSection key={group.title} className="pb-1.5">
                  <Header className="px-2.5 pt-2 pb-1 text-faint text-xs">{group.title}</Header>
                  {group.commands.map((command) => (
                    <MenuLine key={command.id} id={command.id} textValue={`${command.label} ${group.title}`} hint={command.hint}>
                      {command.icon && <Icon name={command.icon} className="text-faint" />}
                      <span className="truncate">{command.label}</span>
                    </MenuLine>
                  ))}
                </MenuSection>
              ))}
            </Menu>
          </section>
        </Autocomplete>
      </Dialog>
    </ModalFrame>
  );
}
