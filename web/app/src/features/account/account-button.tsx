/** Who is signed in, at the right of the header, and the way to what is theirs. */
import { useMembership } from '../../lib/use-membership.ts';
import { Button } from '../../ui/button.tsx';
import { useLazyOverlay } from '../../ui/use-lazy-overlay.tsx';
import { WORDS } from './messages.ts';

const loadMenu = () => import('./account-menu.tsx');

export function AccountButton() {
  const menu = useLazyOverlay<object>(loadMenu);
  const { session } = useMembership();
  if (!session) return null;
  const { name, email } = session.person;
  const letters = initials(name || email);
  return (
    <>
      <Button
        {...menu.trigger}
        aria-haspopup="menu"
        aria-label={`${letters}, ${WORDS.account(name || email)}`}
        className="w-8 px-0 print:hidden"
      >
        <span
          aria-hidden="true"
          className="grid size-6 shrink-0 place-items-center rounded-full border border-edge font-semibold text-[11px] text-ink leading-none"
        >
          {letters}
        </span>
      </Button>
      {menu.render({})}
    </>
  );
}

function initials(name: string): string {
  const words = name
    .split('@')[0]!
    .split(/[\s._-]+/)
    .filter(Boolean);
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return letters.map((word) => [...word][0]!.toUpperCase()).join('');
}
