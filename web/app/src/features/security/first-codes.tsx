/** Whoever gets their first second factor gets the codes that stand in for it when it is lost. */
import { OpenModal } from '../../ui/overlay-parts.tsx';
import { RecoveryCodes } from '../../ui/recovery-codes.tsx';
import { CODES as WORDS } from './messages.ts';

export function FirstCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  return (
    <OpenModal title={WORDS.shown} className="max-w-md" stays onClose={onClose}>
      <div className="grid gap-5 overflow-auto p-5">
        <p className="text-soft text-sm">{WORDS.firstLead}</p>
        <RecoveryCodes codes={codes} action={WORDS.done} onKept={onClose} />
      </div>
    </OpenModal>
  );
}
