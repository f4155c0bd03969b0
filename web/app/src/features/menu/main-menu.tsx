/** The main menu: where else to go, the theme, and the two ways to learn the keys. */
import { useNavigate } from '@tanstack/react-router';
import { Header, MenuSection, Separator } from 'react-aria-components';
import { ask, PALETTE_KEYS } from '../../lib/commands.ts';
import { setTheme, THEMES, type Theme, useTheme } from '../../lib/theme.ts';
import { Icon } from '../../ui/icon.tsx';
import { MenuLine, MenuList, OpenPopover } from '../../ui/overlay-parts.tsx';
import type { OverlayProps } from '../../ui/use-lazy-overlay.tsx';

const THEME_WORDS: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };

export default function MainMenu({ domain, triggerRef, onClose }: { domain?: string } & OverlayProps) {
  const navigate = useNavigate();
  const theme = useTheme();
  return (
    <OpenPopover triggerRef={triggerRef} onClose={onClose} placement="bottom end" label="Menu" className="w-64">
      <MenuList aria-label="Menu" onClose={onClose}>
        <MenuLine textValue="Search and commands" hint={PALETTE_KEYS} onAction={() => setTimeout(() => ask('palette'))}>
          <Icon name="search" className="text-faint" />
          Search and commands
        </MenuLine>
        {domain && (
          <MenuLine
            textValue="Site settings"
            hint="g s"
            onAction={() => void navigate({ to: '/$domain/settings', params: { domain } })}
          >
            <Icon name="gear" className="text-faint" />
            Site settings
          </MenuLine>
        )}
        {domain && (
          <MenuLine
            textValue="Refused and set aside"
            hint="g r"
            onAction={() => void navigate({ to: '/$domain/refused', params: { domain } })}
          >
            <Icon name="shield" className="text-faint" />
            Refused and set aside
          </MenuLine>
        )}
        <MenuLine textValue="Keyboard shortcuts" hint="?" onAction={() => setTimeout(() => ask('shortcuts'))}>
          <Icon name="list" className="text-faint" />
          Keyboard shortcuts
        </MenuLine>
        <Separator className="my-1.5 border-line border-t" />
        <MenuSection
          selectionMode="single"
          selectedKeys={[theme]}
          onSelectionChange={(keys) => setTheme([...keys][0] as Theme)}
          disallowEmptySelection
        >
          <Header className="px-2.5 py-1 text-faint text-xs">Theme</Header>
          {THEMES.map((each) => (
            <MenuLine
              key={each}
              id={each}
              textValue={THEME_WORDS[each]}
              hint={each === theme && <Icon name="check" className="text-accent" />}
            >
              {THEME_WORDS[each]}
            </MenuLine>
          ))}
        </MenuSection>
      </MenuList>
    </OpenPopover>
  );
}
