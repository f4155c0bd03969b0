/** One request of a visitor: what is asked, by whom, until when; and the form that answers it. What visitors wrote is text here. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { formatDate } from '../../lib/format.ts';
import { answerRequest, requestsQuery, type VisitorRequest } from '../../lib/privacy-api.ts';
import { say } from '../../lib/say.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { Mark } from '../../ui/lines.tsx';
import { Problem, problemOf } from '../../ui/problem.tsx';
import { KINDS, CENTRE as WORDS } from './messages.ts';
import { WordsField } from './words-field.tsx';

interface RequestProps {
  domain: string;
  request: VisitorRequest;
}

export function Request({ domain, request }: RequestProps) {
  const { number, kind, asked_at, due_at, late, asker, answer } = request;
  const [answering, setAnswering] = useState(false);
  const facts = asker
    ? [
        [WORDS.email, asker.email],
        [WORDS.visitor, asker.visitor],
        [WORDS.knownAs, asker.known_as],
        [WORDS.words, asker.words],
      ].filter(([, fact]) => fact)
    : [];
  return (
    <li className="border-line border-b py-4 text-sm">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-semibold">{KINDS[kind].label}</span>
        <Mark>{WORDS.number(number)}</Mark>
        <Mark>{WORDS.asked(formatDate(asked_at))}</Mark>
        {answer && <Mark tone="good">{`${WORDS.answered[answer.answer]}, ${formatDate(answer.at)}`}</Mark>}
        {!answer && (
          <Mark tone={late ? 'bad' : 'warn'}>{late ? WORDS.late(formatDate(due_at)) : WORDS.due(formatDate(due_at))}</Mark>
        )}
      </p>
      {facts.length > 0 && (
        <dl className="my-3 grid grid-cols-[6rem_minmax(0,1fr)] gap-x-4 gap-y-1">
          {facts.map(([term, fact]) => (
            <div key={term} className="contents">
              <dt className="text-faint">{term}</dt>
              <dd className="wrap-anywhere whitespace-pre-wrap">
                {term === WORDS.visitor && fact ? (
                  <Link
                    to="/$domain/visitors/$visitor"
                    params={{ domain, visitor: fact }}
                    aria-label={WORDS.visitorOf(fact)}
                    className="underline hover:text-accent"
                  >
                    {fact}
                  </Link>
                ) : (
                  fact
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {asker && !answering && (
        <Button kind="line" onClick={() => setAnswering(true)}>
          {WORDS.answer}
        </Button>
      )}
      {asker && answering && <Answer domain={domain} number={number} onCancel={() => setAnswering(false)} />}
    </li>
  );
}

function Answer({ domain, number, onCancel }: { domain: string; number: number; onCancel: () => void }) {
  const [outcome, setOutcome] = useState<'done' | 'declined'>('done');
  const [words, setWords] = useState('');
  const act = useAct(() => answerRequest(domain, number, outcome, words), {
    refresh: [requestsQuery(domain).queryKey],
    onDone: ({ mailed, email }) => say(mailed ? WORDS.mailed : WORDS.notMailed(email)),
    quiet: true,
  });
  return (
    <form
      aria-label={WORDS.answerTitle(number)}
      className="mt-3 grid max-w-md gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        act.mutate();
      }}
    >
      <Problem error={act.error} fields={['words']} />
      <Choices
        label={WORDS.outcome}
        choices={[
          { value: 'done', ...WORDS.done },
          { value: 'declined', ...WORDS.declined },
        ]}
        chosen={[outcome]}
        onChange={([next]) => next && setOutcome(next)}
      />
      <WordsField
        label={WORDS.say}
        value={words}
        maxLength={200}
        rows={2}
        problem={problemOf(act.error, 'words')}
        onText={setWords}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="solid" disabled={act.isPending || (outcome === 'declined' && !words.trim())}>
          {WORDS.send}
        </Button>
        <Button onClick={onCancel}>{WORDS.cancel}</Button>
      </div>
    </form>
  );
}
