/** The site on show, and the way to the others. */
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useLazyOverlay } from '../../ui/use-lazy-overlay.tsx';

const loadMenu = () => import('./site-menu.tsx');

export function SiteSwitcher({ domain }: { domain: string }) {
  const menu = useLazyOverlay<{ domain: string }>(loadMenu);
  return (
    <>
      <Button {...menu.trigger} aria-haspopup="menu" className="min-w-0 max-w-[46vw] px-2 text-ink sm:max-w-72">
        <span className="truncate font-semibold">{domain}</span>
        <Icon name="chevron" className="size-3.5 text-faint print:hidden" />
      </Button>
      {menu.render({ domain })}
    </>
  );
}
