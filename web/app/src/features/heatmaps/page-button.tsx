/** The page that a side is about; its button opens the list of pages. */
import type { ViewsQuestion } from '../../lib/heat-api.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useLazyOverlay } from '../../ui/use-lazy-overlay.tsx';
import { WORDS } from './messages.ts';

export interface PageChoice {
  question: ViewsQuestion;
  page: string;
  onChoose: (page: string) => void;
}

const loadPicker = () => import('./page-picker.tsx');

export function PageButton(choice: PageChoice) {
  const picker = useLazyOverlay<PageChoice>(loadPicker);
  return (
    <>
      <Button
        {...picker.trigger}
        kind="line"
        aria-haspopup="dialog"
        aria-label={WORDS.pageShown(choice.page)}
        className="min-w-0 max-w-full"
      >
        <span className="truncate">{choice.page}</span>
        <Icon name="chevron" className="size-3.5 text-faint" />
      </Button>
      {picker.render(choice)}
    </>
  );
}
