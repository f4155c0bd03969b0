/** Where visitors ask a site what it keeps of them. Nobody is signed in here, and nothing says whether anything is kept. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { formatDate } from '../../lib/format.ts';
import { askSite, contactQuery, type NewRequest, REQUEST_KINDS, type RequestKind } from '../../lib/privacy-api.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { LoneFrame } from '../../ui/lone-frame.tsx';
import { Problem, problemOf, useWait } from '../../ui/problem.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { KINDS, ASK as WORDS } from './messages.ts';
import { WordsField } from './words-field.tsx';

const FIELDS = ['email', 'visitor', 'known_as', 'words'];

export default function AskPage() {
  const { domain = '' } = useParams({ strict: false });
  const [kind, setKind] = useState<RequestKind>('access');
  const [visitor, setVisitor] = useState(() => new URLSearchParams(location.hash.slice(1)).get('visitor') ?? '');
  const [knownAs, setKnownAs] = useState('');
  const [email, setEmail] = useState('');
  const [words, setWords] = useState('');
  const ask = useMutation({ mutationFn: (request: NewRequest) => askSite(domain, request) });
  const wait = useWait(ask.error);
  if (ask.isSuccess) {
    return <LoneFrame key="sent" title={WORDS.sent} lead={WORDS.sentLead(ask.data.number, formatDate(ask.data.due_at))} />;
  }
  const complete = email.trim() && (visitor.trim() || knownAs.trim());
  function submit(event: FormEvent) {
    event.preventDefault();
    if (complete) ask.mutate({ kind, email, visitor, known_as: knownAs, words });
  }
  return (
    <LoneFrame title={WORDS.title} lead={WORDS.lead(domain)}>
      <form onSubmit={submit} noValidate className="grid gap-5">
        <Problem error={ask.error} fields={FIELDS} wait={wait} />
        <Choices
          label={WORDS.kind}
          choices={REQUEST_KINDS.map((each) => ({ value: each, ...KINDS[each] }))}
          chosen={[kind]}
          onChange={([next]) => next && setKind(next)}
        />
        <TextField
          label={WORDS.visitor}
          help={WORDS.visitorHelp}
          name="visitor"
          autoComplete="off"
          value={visitor}
          problem={problemOf(ask.error, 'visitor')}
          onText={setVisitor}
        />
        <TextField
          label={WORDS.knownAs}
          help={WORDS.knownAsHelp}
          name="known-as"
          maxLength={200}
          value={knownAs}
          problem={problemOf(ask.error, 'known_as')}
          onText={setKnownAs}
        />
        <TextField
          label={WORDS.email}
          help={WORDS.emailHelp}
          type="email"
          name="email"
          autoComplete="email"
          value={email}
          problem={problemOf(ask.error, 'email')}
          onText={setEmail}
        />
        <WordsField
          label={WORDS.words}
          value={words}
          maxLength={2_000}
          problem={problemOf(ask.error, 'words')}
          onText={setWords}
        />
        <Button type="submit" kind="solid" className="h-9" disabled={!complete || ask.isPending || wait > 0}>
          {WORDS.submit}
        </Button>
      </form>
      <ContactLine />
    </LoneFrame>
  );
}

/** Whom to reach instead; nothing where whoever runs the server named nobody. */
function ContactLine() {
  const { data: contact } = useQuery(contactQuery);
  if (!contact) return null;
  return (
    <p className="mt-8 text-soft text-sm">
      {WORDS.contact}{' '}
      <a className="break-all underline underline-offset-2" href={contact}>
        {contact.replace(/^(mailto|tel):/, '')}
      </a>
    </p>
  );
}
