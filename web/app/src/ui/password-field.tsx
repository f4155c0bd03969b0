/** A password: pasted or typed, shown on demand. A new one says at once whether it is long enough; the server says the rest. */
import { useState } from 'react';
import { TextField, type TextFieldProps } from './text-field.tsx';

export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;

const WORDS = {
  rule: `At least ${PASSWORD_MIN} characters, better 15: a few words in a row are easy to keep. Common passwords are refused.`,
  missing: (count: number) => `${count} more ${count === 1 ? 'character' : 'characters'}.`,
  enough: 'Long enough.',
  tooLong: `No more than ${PASSWORD_MAX} characters.`,
  show: 'Show',
  hide: 'Hide',
  showLabel: 'Show the password',
} as const;

/** Characters as people count them; a letter with its accent is one. */
const lengthOf = (text: string) => [...text.normalize('NFC')].length;

export const isPasswordLength = (text: string) => lengthOf(text) >= PASSWORD_MIN && lengthOf(text) <= PASSWORD_MAX;

export function describeLength(text: string): string {
  const length = lengthOf(text);
  if (length === 0) return WORDS.rule;
  if (length < PASSWORD_MIN) return WORDS.missing(PASSWORD_MIN - length);
  return length > PASSWORD_MAX ? WORDS.tooLong : WORDS.enough;
}

interface PasswordFieldProps extends Omit<TextFieldProps, 'type' | 'inside'> {
  value: string;
  isNew?: boolean;
}

export function PasswordField({ isNew = false, help, ...rest }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <TextField
      name="password"
      autoComplete={isNew ? 'new-password' : 'current-password'}
      {...rest}
      type={shown ? 'text' : 'password'}
      help={isNew ? <span aria-live="polite">{describeLength(rest.value)}</span> : help}
      inside={
        <button
          type="button"
          aria-label={WORDS.showLabel}
          aria-pressed={shown}
          className="absolute inset-y-0 right-1 my-1 rounded-sm px-2 text-faint text-xs hover:bg-wash hover:text-ink"
          onClick={() => setShown(!shown)}
        >
          {shown ? WORDS.hide : WORDS.show}
        </button>
      }
    />
  );
}
