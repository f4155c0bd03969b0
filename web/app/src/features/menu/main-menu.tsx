/** The main menu: where else to go, the theme, and the two ways to learn the keys. */
import { useNavigate } from '@tanstack/react-router';
import { Header, MenuSection, Separator } from 'react-aria-components';
import { ask, PALETTE_KEYS } from '../../lib/commands.ts';
import { setTheme, THEMES, type Theme, useTheme } from '../../lib/theme.ts';
import { useMayAnswer } from '../../lib/use-may-answer.ts';
import { Icon } from '../../ui/icon.tsx';
import { MenuLine, MenuList, OpenPopover } from '../../ui/overlay-parts.tsx';
import type { OverlayProps } from '../../ui/use-lazy-overlay.tsx';
import { THEME_WORDS, WORDS } from './messages.ts';

export default function MainMenu({ domain, triggerRef, onClose }: { domain?: string } & OverlayProps) {
  const navigate = useNavigate();
  const theme = useTheme();
  const answers = useMayAnswer(domain);
  return (
    <OpenPopover triggerRef={triggerRef} onClose={onClose} placement="bottom end" label={WORDS.menu} className="w-64">
      <MenuList aria-label={WORDS.menu} onClose={onClose}>
        <MenuLine textValue={WORDS.palette} hint={PALETTE_KEYS} onAction={() => setTimeout(() => ask('palette'))}>
          <Icon name="search" className="text-faint" />
          {WORDS.palette}
        </MenuLine>
        {domain && (
          <MenuLine
            textValue={WORDS.recordings}
            hint="g v"
            onAction={() => void navigate({ to: '/$domain/recordings', params: { domain } })}
          >
            <Icon name="play" className="text-faint" />
            {WORDS.recordings}
          </MenuLine>
        )}
        {domain && (
          <MenuLine
            textValue={WORDS.heatmaps}
            hint="g h"
            onAction={() => void navigate({ to: '/$domain/heatmaps', params: { domain } })}
          >
            <Icon name="heat" className="text-faint" />
            {WORDS.heatmaps}
          </MenuLine>
        )}
        {domain && (
          <MenuLine
            textValue={WORDS.settings}
            hint="g s"
            onAction={() => void navigate({ to: '/$domain/settings', params: { domain } })}
          >
            <Icon name="gear" className="text-faint" />
            {WORDS.settings}
          </MenuLine>
        )}
        {domain && answers && (
          <MenuLine
            textValue={WORDS.privacy}
            hint="g p"
            onAction={() => void navigate({ to: '/$domain/privacy', params: { domain } })}
          >
            <Icon name="person" className="text-faint" />
            {WORDS.privacy}
          </MenuLine>
        )}
        {domain && (
          <MenuLine
            textValue={WORDS.refused}
            hint="g r"
            onAction={() => void navigate({ to: '/$domain/refused', params: { domain } })}
          >
            <Icon name="shield" className="text-faint" />
            {WORDS.refused}
          </MenuLine>
        )}
        <MenuLine textValue={WORDS.shortcuts} hint="?" onAction={() => setTimeout(() => ask('shortcuts'))}>
          <Icon name="list" className="text-faint" />
          {WORDS.shortcuts}
        </MenuLine>
        <Separator className="my-1.5 border-line border-t" />
        <MenuSection
          selectionMode="single"
          selectedKeys={[theme]}
          onSelectionChange={(keys) => setTheme([...keys][0] as Theme)}
          disallowEmptySelection
        >
          <Header className="px-2.5 py-1 text-faint text-xs">{WORDS.theme}</Header>
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
