/** Buttons: quiet in a line of others, line where one stands alone, solid for the one thing to do. Native, at least 32 px. */
import type { ButtonHTMLAttributes, Ref } from 'react';

export type ButtonKind = 'quiet' | 'line' | 'solid';

const KINDS: Record<ButtonKind, string> = {
  quiet: 'text-soft hover:bg-wash hover:text-ink aria-expanded:bg-wash aria-expanded:text-ink',
  line: 'border border-line text-ink hover:border-edge hover:bg-wash aria-expanded:bg-wash',
  solid: 'bg-accent text-on-accent hover:brightness-110',
};

export function buttonClass(kind: ButtonKind = 'quiet', extra = ''): string {
  return `inline-flex h-8 items-center justify-center gap-2 whitespace-nowrap rounded-md px-2.5 text-sm font-medium transition-colors duration-100 disabled:opacity-50 data-[disabled]:opacity-50 ${KINDS[kind]} ${extra}`;
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: ButtonKind;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ kind, className, type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={buttonClass(kind, className)} {...rest} />;
}
