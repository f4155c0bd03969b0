/** Wording for the site's own privacy policy, as its settings are now. What somebody named something is text here, never markup. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Language, privacyTextQuery } from '../../lib/privacy-api.ts';
import { say, sayTrouble } from '../../lib/say.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { SelectNative } from '../../ui/select-native.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { WORDING as WORDS } from './consent-messages.ts';

const LANGUAGES = ['en', 'de'] as const;
const FORMS = ['markdown', 'html'] as const;
type Form = (typeof FORMS)[number];

interface WordingProps {
  domain: string;
  language: Language;
  onLanguage: (language: Language) => void;
}

export function Wording({ domain, language, onLanguage }: WordingProps) {
  const [form, setForm] = useState<Form>('markdown');
  const { data, error } = useQuery({ ...privacyTextQuery(domain, language), placeholderData: keepPreviousData });
  const copy = (text: string) =>
    navigator.clipboard.writeText(text).then(
      () => say(WORDS.copied),
      () => sayTrouble(new Error(WORDS.notCopied)),
    );
  return (
    <Section title={WORDS.title} lead={WORDS.lead}>
      <div className="mb-4 grid max-w-md gap-4 sm:grid-cols-2">
        <SelectNative
          label={WORDS.language}
          value={language}
          options={LANGUAGES.map((value) => ({ value, label: WORDS.languages[value] }))}
          onChange={onLanguage}
        />
        <SelectNative
          label={WORDS.form}
          value={form}
          options={FORMS.map((value) => ({ value, label: WORDS.forms[value] }))}
          onChange={setForm}
        />
      </div>
      <Problem error={error} />
      {!data && !error && <Skeleton className="h-64 w-full" />}
      {data && (
        <>
          <div lang={data.language} className="rounded-md border border-line px-4 py-3">
            {readParagraphs(data.markdown).map(({ heading, text }) => (
              <div key={heading} className="mb-4 last:mb-0">
                <h3 className="font-semibold text-sm">{heading}</h3>
                <p className="wrap-anywhere text-soft text-sm">{text}</p>
              </div>
            ))}
          </div>
          <div className="mt-2 flex flex-wrap items-center justify-between gap-3">
            <p className="wrap-anywhere text-faint text-xs">{WORDS.version(data.version)}</p>
            <Button kind="line" onClick={() => void copy(data[form])}>
              <Icon name="copy" />
              {WORDS.copy}
            </Button>
          </div>
        </>
      )}
    </Section>
  );
}

/** The server writes a heading, an empty line, a text, an empty line. */
export function readParagraphs(markdown: string): { heading: string; text: string }[] {
  const paragraphs = markdown.split(/^## /m).slice(1);
  return paragraphs.map((paragraph) => {
    const [heading = '', ...text] = paragraph.trim().split('\n\n');
    return { heading, text: text.join('\n\n') };
  });
}
