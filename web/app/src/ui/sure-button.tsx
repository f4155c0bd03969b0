/** A button for what cannot be taken back: it says what will happen and asks once. The dialog is loaded when approached. */
import type { ReactNode } from 'react';
import { Button, type ButtonKind } from './button.tsx';
import { useLazyOverlay } from './use-lazy-overlay.tsx';

export interface Sure {
  title: string;
  text: ReactNode;
  action: string;
  onSure: () => Promise<unknown>;
}

const loadDialog = () => import('./sure-dialog.tsx');

interface SureButtonProps extends Sure {
  children: ReactNode;
  kind?: ButtonKind;
  label?: string;
  className?: string;
}

export function SureButton({ children, kind = 'quiet', label, className, ...sure }: SureButtonProps) {
  const dialog = useLazyOverlay<Sure>(loadDialog);
  return (
    <>
      <Button {...dialog.trigger} aria-haspopup="dialog" aria-label={label} kind={kind} className={className}>
        {children}
      </Button>
      {dialog.render(sure)}
    </>
  );
}
