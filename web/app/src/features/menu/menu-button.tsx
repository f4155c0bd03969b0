/** The button of the main menu. */
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useLazyOverlay } from '../../ui/use-lazy-overlay.tsx';
import { WORDS } from './messages.ts';

const loadMenu = () => import('./main-menu.tsx');

export function MenuButton({ domain }: { domain?: string }) {
  const menu = useLazyOverlay<{ domain?: string }>(loadMenu);
  return (
    <>
      <Button {...menu.trigger} aria-haspopup="menu" aria-label={WORDS.menu} className="-mr-2 w-8 px-0 print:hidden">
        <Icon name="menu" />
      </Button>
      {menu.render({ domain })}
    </>
  );
}
