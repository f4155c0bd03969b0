/** Finding a visitor by their id or by what the site calls them. Where one alone is meant, their page is next. */
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { formatDay } from '../../lib/format.ts';
import type { FoundOfVisitor } from '../../lib/privacy-api.ts';
import { findVisitors } from '../../lib/visitor-api.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Line } from '../../ui/lines.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { told, FINDING as WORDS } from './messages.ts';

export function Finding({ domain }: { domain: string }) {
  const [who, setWho] = useState('');
  const navigate = useNavigate();
  const find = useMutation({
    mutationFn: () => findVisitors(domain, who.trim()),
    onSuccess: ([first, second]) => {
      if (first && !second) void navigate({ to: '/$domain/visitors/$visitor', params: { domain, visitor: first.visitor } });
    },
  });
  const found = find.data ?? [];
  return (
    <Section title={WORDS.title} lead={WORDS.lead}>
      <form
        className="grid max-w-md gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (who.trim()) find.mutate();
        }}
      >
        <Problem error={find.error} />
        <TextField label={WORDS.who} help={WORDS.whoHelp} name="visitor" autoComplete="off" value={who} onText={setWho} />
        <div>
          <Button type="submit" kind="line" disabled={!who.trim() || find.isPending}>
            {WORDS.find}
          </Button>
        </div>
      </form>
      {find.isSuccess && found.length === 0 && (
        <p role="status" className="mt-3 text-soft text-sm">
          {WORDS.nobody}
        </p>
      )}
      {found.length > 1 && (
        <ul aria-label={WORDS.title} className="mt-4 border-line border-t">
          {found.map(({ visitor, preview }) => (
            <Line
              key={visitor}
              name={visitor}
              below={describe(preview.found)}
              actions={
                <Link
                  to="/$domain/visitors/$visitor"
                  params={{ domain, visitor }}
                  aria-label={WORDS.openOf(visitor)}
                  className={buttonClass()}
                >
                  {WORDS.open}
                </Link>
              }
            />
          ))}
        </ul>
      )}
    </Section>
  );
}

export function describe({ events, set_aside, visits, recordings, first_day, last_day }: FoundOfVisitor): string {
  const what = told.found(events + set_aside, visits, recordings);
  return first_day && last_day ? `${what}, ${told.days(formatDay(first_day), formatDay(last_day))}` : what;
}
