/** The receipts of a visitor's consents: each withdrawn here, and one written down for what was said elsewhere. */
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { formatInstant } from '../../lib/format.ts';
import { privacyTextQuery } from '../../lib/privacy-api.ts';
import { useAct } from '../../lib/use-act.ts';
import { type Consent, giveConsent, type Visitor, visitorQuery, withdrawConsent } from '../../lib/visitor-api.ts';
import { Button } from '../../ui/button.tsx';
import { Line, Mark } from '../../ui/lines.tsx';
import { Problem, problemOf } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFocus } from '../../ui/use-focus.ts';
import { useOpened } from '../../ui/use-opened.ts';
import { CONSENTS as WORDS } from './messages.ts';

interface ConsentsProps {
  domain: string;
  known: Visitor;
  closed: boolean;
}

export function Consents({ domain, known, closed }: ConsentsProps) {
  const { consents } = known;
  return (
    <Section title={WORDS.title} lead={WORDS.lead}>
      {consents.length === 0 && <p className="py-2 text-faint text-sm">{WORDS.none}</p>}
      {consents.length > 0 && (
        <ul aria-label={WORDS.title} className="border-line border-t">
          {consents.map((consent) => (
            <Receipt key={consent.receipt} domain={domain} visitor={known.visitor} consent={consent} closed={closed} />
          ))}
        </ul>
      )}
      {!closed && <Give domain={domain} visitor={known.visitor} />}
    </Section>
  );
}

interface ReceiptProps {
  domain: string;
  visitor: string;
  consent: Consent;
  closed: boolean;
}

function Receipt({ domain, visitor, consent, closed }: ReceiptProps) {
  const { receipt, purposes, version, given_at, way, withdrawn_at } = consent;
  const what = purposes.join(' ');
  const withdraw = useAct(() => withdrawConsent(domain, receipt), {
    refresh: [visitorQuery(domain, visitor).queryKey],
    done: WORDS.withdrawDone,
    quiet: true,
  });
  return (
    <Line
      name={what}
      below={<span className="text-xs">{WORDS.below(version, receipt)}</span>}
      facts={
        <>
          <span className="block">{WORDS.given(formatInstant(given_at), WORDS.ways[way] ?? way)}</span>
          {withdrawn_at && <Mark tone="warn">{WORDS.withdrawn(formatInstant(withdrawn_at))}</Mark>}
        </>
      }
      actions={
        !closed &&
        !withdrawn_at && (
          <SureButton
            label={WORDS.withdrawOf(what)}
            title={WORDS.withdrawTitle}
            text={WORDS.withdrawText}
            action={WORDS.withdraw}
            onSure={() => withdraw.mutateAsync()}
          >
            {WORDS.withdraw}
          </SureButton>
        )
      }
    />
  );
}

interface GiveProps {
  domain: string;
  visitor: string;
}

function Give(props: GiveProps) {
  const { isOpen, open, close, opener } = useOpened();
  if (isOpen) return <GiveForm {...props} onClose={close} />;
  return (
    <Button ref={opener} kind="line" className="mt-4" onClick={open}>
      {WORDS.give}
    </Button>
  );
}

function GiveForm({ domain, visitor, onClose }: GiveProps & { onClose: () => void }) {
  const focus = useFocus<HTMLInputElement>();
  const [purposes, setPurposes] = useState('');
  const [typed, setVersion] = useState<string>();
  const text = useQuery(privacyTextQuery(domain, 'en'));
  const version = typed ?? text.data?.version ?? '';
  const words = purposes.split(/[\s,]+/).filter(Boolean);
  const give = useAct(() => giveConsent(domain, { visitor, purposes: words, version: version.trim() }), {
    refresh: [visitorQuery(domain, visitor).queryKey],
    done: WORDS.givenDone,
    onDone: onClose,
    quiet: true,
  });
  const whole = words.length > 0 && version.trim() !== '';
  function submit(event: FormEvent) {
    event.preventDefault();
    if (whole) give.mutate();
  }
  return (
    <form aria-label={WORDS.give} onSubmit={submit} noValidate className="mt-4 grid max-w-md gap-4">
      <p className="text-soft text-sm">{WORDS.giveLead}</p>
      <Problem error={give.error} fields={['purposes', 'version']} />
      <TextField
        ref={focus}
        label={WORDS.purposes}
        help={WORDS.purposesHelp}
        name="purposes"
        autoComplete="off"
        value={purposes}
        problem={problemOf(give.error, 'purposes')}
        onText={setPurposes}
      />
      <TextField
        label={WORDS.version}
        help={WORDS.versionHelp}
        name="version"
        autoComplete="off"
        value={version}
        problem={problemOf(give.error, 'version')}
        onText={setVersion}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="solid" disabled={!whole || give.isPending}>
          {WORDS.submit}
        </Button>
        <Button onClick={onClose}>{WORDS.cancel}</Button>
      </div>
    </form>
  );
}
