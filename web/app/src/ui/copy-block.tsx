/** A piece of code with a button that copies it and says so. */
import { useState } from 'react';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

export function CopyBlock({ code }: { code: string }) {
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready');
  async function copy() {
    try {
      await navigator.clipboard.writeText(code);
      setState('copied');
    } catch {
      setState('failed');
    }
    setTimeout(() => setState('ready'), 2500);
  }
  return (
    <div className="rounded-md border border-line bg-wash">
      <pre className="overflow-x-auto whitespace-pre-wrap wrap-anywhere p-4 font-mono text-sm">{code}</pre>
      <div className="flex items-center justify-end gap-3 border-t border-line px-2 py-1.5">
        <span role="status" className="text-xs text-soft">
          {state === 'copied'
            ? 'Copied'
            : state === 'failed'
              ? 'The browser did not allow it: select the text and copy it by hand'
              : ''}
        </span>
        <Button onClick={copy}>
          <Icon name={state === 'copied' ? 'check' : 'copy'} />
          Copy
        </Button>
      </div>
    </div>
  );
}
