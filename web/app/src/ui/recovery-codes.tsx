/** Recovery codes, shown this one time: to copy, to print, to keep as a file, and a promise that one of it was done. */
import { useEffect, useState } from 'react';
import { saveFile } from '../lib/save.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

const WORDS = {
  label: 'Recovery codes',
  copy: 'Copy',
  copied: 'Copied',
  failed: 'The browser did not allow it: select the codes and copy them by hand',
  download: 'Save as a file',
  print: 'Print',
  kept: 'I have kept them somewhere other than this device',
  file: 'candor-recovery-codes.txt',
  head: (origin: string) => `Recovery codes for Candor at ${origin}. Each works once, in place of the second factor.`,
} as const;

interface RecoveryCodesProps {
  codes: string[];
  action: string;
  onKept: () => void;
}

export function RecoveryCodes({ codes, action, onKept }: RecoveryCodesProps) {
  const [kept, setKept] = useState(false);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    if (!kept) addEventListener('beforeunload', stay);
    return () => removeEventListener('beforeunload', stay);
  }, [kept]);
  const text = `${WORDS.head(location.origin)}\n\n${codes.join('\n')}\n`;
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid(WORDS.copied),
      () => setSaid(WORDS.failed),
    );
  return (
    <div className="grid gap-5">
      <ul
        aria-label={WORDS.label}
        className="grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-x-6 gap-y-1.5 rounded-md border border-line bg-wash p-4 font-mono text-sm"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-2 print:hidden">
        <Button kind="line" onClick={copy}>
          <Icon name="copy" />
          {WORDS.copy}
        </Button>
        <Button kind="line" onClick={() => saveFile(WORDS.file, text)}>
          <Icon name="down" />
          {WORDS.download}
        </Button>
        <Button kind="line" onClick={() => print()}>
          {WORDS.print}
        </Button>
        <span role="status" className="text-soft text-xs">
          {said}
        </span>
      </div>
      <label className="flex cursor-pointer items-start gap-3 text-sm print:hidden">
        <input type="checkbox" checked={kept} className="mt-0.5 size-4" onChange={(event) => setKept(event.target.checked)} />
        {WORDS.kept}
      </label>
      <div className="print:hidden">
        <Button kind="solid" disabled={!kept} onClick={onKept}>
          {action}
        </Button>
      </div>
    </div>
  );
}
