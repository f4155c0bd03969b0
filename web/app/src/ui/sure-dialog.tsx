/** What will happen, and two ways on. A refusal of the server is said here, where the decision is made. */
import { useState } from 'react';
import { Button } from './button.tsx';
import { OpenModal } from './overlay-parts.tsx';
import { Problem } from './problem.tsx';
import type { Sure } from './sure-button.tsx';
import type { OverlayProps } from './use-lazy-overlay.tsx';

export default function SureDialog({ title, text, action, onSure, onClose }: Sure & OverlayProps) {
  const [state, setState] = useState<'asking' | 'doing' | Error>('asking');
  async function go() {
    setState('doing');
    try {
      await onSure();
      onClose();
    } catch (error) {
      setState(error as Error);
    }
  }
  return (
    <OpenModal title={title} className="max-w-md" onClose={onClose}>
      <div className="grid gap-5 overflow-auto p-5">
        <div className="text-soft text-sm">{text}</div>
        {state instanceof Error && <Problem error={state} />}
        <div className="flex flex-wrap gap-2">
          <Button kind="solid" disabled={state === 'doing'} onClick={() => void go()}>
            {action}
          </Button>
          <Button kind="line" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </div>
    </OpenModal>
  );
}
