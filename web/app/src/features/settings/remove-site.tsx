/** The last part of a site's settings: its end. */
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { useLazyOverlay } from '../../ui/use-lazy-overlay.tsx';
import { REMOVE as WORDS } from './messages.ts';

const loadDialog = () => import('./remove-site-dialog.tsx');

export function RemoveSite({ domain }: { domain: string }) {
  const dialog = useLazyOverlay<{ domain: string }>(loadDialog);
  return (
    <Section
      title={WORDS.title}
      lead={WORDS.lead}
      action={
        <Button {...dialog.trigger} aria-haspopup="dialog" kind="line" className="text-bad">
          {WORDS.open}
        </Button>
      }
    >
      {dialog.render({ domain })}
    </Section>
  );
}
