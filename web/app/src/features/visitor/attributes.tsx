/** What a visitor is, as the site said it. Values are strangers' text, and text nodes here; each is corrected or removed where it stands. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Site } from '../../lib/api.ts';
import { formatInstant } from '../../lib/format.ts';
import { useAct } from '../../lib/use-act.ts';
import {
  type Attribute,
  type AttributeKind,
  correctVisitor,
  type Value,
  type Visitor,
  visitorQuery,
} from '../../lib/visitor-api.ts';
import { Button } from '../../ui/button.tsx';
import { Line } from '../../ui/lines.tsx';
import { Section } from '../../ui/section.tsx';
import { SelectNative } from '../../ui/select-native.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { useFocus } from '../../ui/use-focus.ts';
import { useOpened } from '../../ui/use-opened.ts';
import { AttributeForm } from './attribute-form.tsx';
import { KIND_WORDS, ATTRIBUTES as WORDS } from './messages.ts';

interface AttributesProps {
  site: Site;
  known: Visitor;
  /** Nothing can be corrected by this person. */
  closed: boolean;
}

export function Attributes({ site, known, closed }: AttributesProps) {
  const { attributes } = known;
  const others = site.settings.identified.attributes.filter(({ name }) => !attributes.some((each) => each.name === name));
  return (
    <Section title={WORDS.title} lead={WORDS.lead}>
      {attributes.length === 0 && <p className="py-2 text-faint text-sm">{WORDS.none}</p>}
      {attributes.length > 0 && (
        <ul aria-label={WORDS.title} className="border-line border-t">
          {attributes.map((attribute) => (
            <One key={attribute.name} domain={site.domain} known={known} attribute={attribute} closed={closed} />
          ))}
        </ul>
      )}
      {!closed && others.length > 0 && <Another domain={site.domain} known={known} others={others} />}
    </Section>
  );
}

/** The act that every line has: what is known afterwards is the answer, so nothing is asked for again. */
function useCorrection(domain: string, visitor: string, done: string, onDone: () => void = () => undefined) {
  const queries = useQueryClient();
  return useAct(
    ({ name, value, receipt }: { name: string; value: Value; receipt?: string }) =>
      correctVisitor(domain, visitor, { [name]: value }, receipt),
    {
      done,
      onDone: (next) => {
        // Where it could not be counted anew, what there is of them is what it was.
        queries.setQueryData(visitorQuery(domain, visitor).queryKey, (known) => ({ ...next, seen: next.seen ?? known?.seen }));
        onDone();
      },
      quiet: true,
    },
  );
}

interface OneProps {
  domain: string;
  known: Visitor;
  attribute: Attribute;
  closed: boolean;
}

function One({ domain, known, attribute, closed }: OneProps) {
  const { name, value, at } = attribute;
  const kind = attribute.kind as AttributeKind;
  const { isOpen, open, close, opener } = useOpened();
  const correct = useCorrection(domain, known.visitor, WORDS.corrected, close);
  const remove = useCorrection(domain, known.visitor, WORDS.removed);
  if (isOpen) {
    return (
      <li className="border-line border-b py-4">
        <AttributeForm name={name} kind={kind} known={known} value={value as Value} act={correct} onCancel={close} />
      </li>
    );
  }
  return (
    <Line
      name={name}
      below={<span className="text-ink">{shown(value as Value)}</span>}
      facts={WORDS.said(KIND_WORDS[kind], formatInstant(at))}
      actions={
        !closed && (
          <>
            <Button ref={opener} aria-label={WORDS.correctOf(name)} onClick={open}>
              {WORDS.correct}
            </Button>
            <SureButton
              label={WORDS.removeOf(name)}
              title={WORDS.removeTitle(name)}
              text={WORDS.removeText}
              action={WORDS.remove}
              onSure={() => remove.mutateAsync({ name, value: null })}
            >
              {WORDS.remove}
            </SureButton>
          </>
        )
      }
    />
  );
}

const shown = (value: Value) => (typeof value === 'boolean' ? (value ? WORDS.yes : WORDS.no) : String(value));

interface AnotherProps {
  domain: string;
  known: Visitor;
  others: Site['settings']['identified']['attributes'];
}

/** One that the site declares and nobody said of this visitor yet. */
function Another(props: AnotherProps) {
  const { isOpen, open, close, opener } = useOpened();
  if (isOpen) return <AnotherForm {...props} onClose={close} />;
  return (
    <Button ref={opener} kind="line" className="mt-4" onClick={open}>
      {WORDS.add}
    </Button>
  );
}

function AnotherForm({ domain, known, others, onClose }: AnotherProps & { onClose: () => void }) {
  const focus = useFocus<HTMLSelectElement>();
  const [name, setName] = useState<string>();
  const add = useCorrection(domain, known.visitor, WORDS.corrected, onClose);
  const chosen = others.find((each) => each.name === name) ?? others[0];
  if (!chosen) return null;
  return (
    <div className="mt-4 grid gap-4">
      <div className="max-w-md">
        <SelectNative
          ref={focus}
          label={WORDS.which}
          value={chosen.name}
          options={others.map((each) => ({ value: each.name, label: each.name }))}
          onChange={setName}
        />
      </div>
      <AttributeForm key={chosen.name} name={chosen.name} kind={chosen.kind} known={known} act={add} onCancel={onClose} focused />
    </div>
  );
}
