/** One value, typed in the way of its kind. Of an address, which is personal data that nothing needs, also by which consent it is kept. */
import { type FormEvent, useState } from 'react';
import type { AttributeKind, Value, Visitor } from '../../lib/visitor-api.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { SelectNative } from '../../ui/select-native.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFocus } from '../../ui/use-focus.ts';
import { ATTRIBUTES as WORDS } from './messages.ts';

interface Correction {
  name: string;
  value: Value;
  receipt?: string;
}

interface AttributeFormProps {
  name: string;
  kind: AttributeKind;
  known: Visitor;
  value?: Value;
  act: { mutate: (correction: Correction) => void; isPending: boolean; error: Error | null };
  onCancel: () => void;
  /** The focus is elsewhere already: where it is chosen which attribute this is of. */
  focused?: boolean;
}

export function AttributeForm({ name, kind, known, value, act, onCancel, focused }: AttributeFormProps) {
  const [text, setText] = useState(value === undefined ? '' : String(value));
  const receipts = known.consents.filter(({ withdrawn_at }) => !withdrawn_at);
  const [receipt, setReceipt] = useState(receipts[0]?.receipt);
  const focus = useFocus<HTMLInputElement & HTMLSelectElement>();
  const first = focused ? undefined : focus;
  const lacks = kind === 'address' && !receipt;
  const whole = kind === 'boolean' || text.trim() !== '';
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!whole || lacks) return;
    act.mutate({ name, value: read(kind, text), ...(kind === 'address' && { receipt }) });
  }
  return (
    <form aria-label={WORDS.correctOf(name)} onSubmit={submit} noValidate className="grid max-w-md gap-4">
      <Problem error={act.error} />
      {kind === 'boolean' ? (
        <SelectNative
          ref={first}
          label={name}
          value={text === 'true' ? 'true' : 'false'}
          options={[
            { value: 'true', label: WORDS.yes },
            { value: 'false', label: WORDS.no },
          ]}
          onChange={setText}
        />
      ) : (
        <TextField
          ref={first}
          label={name}
          help={kind === 'date' ? WORDS.dateHelp : undefined}
          name="value"
          autoComplete="off"
          inputMode={kind === 'number' ? 'decimal' : undefined}
          value={text}
          onText={setText}
        />
      )}
      {kind === 'address' && receipt && (
        <SelectNative
          label={WORDS.receipt}
          value={receipt}
          options={receipts.map((each) => ({ value: each.receipt, label: `${each.purposes.join(' ')} (${each.receipt})` }))}
          onChange={setReceipt}
        />
      )}
      {lacks && <p className="text-soft text-sm">{WORDS.receiptNone}</p>}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="solid" disabled={!whole || lacks || act.isPending}>
          {WORDS.save}
        </Button>
        <Button onClick={onCancel}>{WORDS.cancel}</Button>
      </div>
    </form>
  );
}

/** What is no number is sent as it stands, and the server says that it is none. */
function read(kind: AttributeKind, text: string): Value {
  if (kind === 'boolean') return text === 'true';
  const number = Number(text);
  return kind === 'number' && Number.isFinite(number) ? number : text.trim();
}
