/** The first steps of a new organization. It goes away by itself once all are done, or when its reader has seen enough. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { invitationsQuery, peopleQuery, securityQuery } from '../../lib/people-api.ts';
import { setPreference } from '../../lib/storage.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { WORDS } from './messages.ts';

interface ChecklistProps {
  organization: number;
  /** Whether the site on show has had an event. */
  arrived: boolean;
}

export default function Checklist({ organization, arrived }: ChecklistProps) {
  const security = useQuery(securityQuery).data;
  const people = useQuery(peopleQuery(organization)).data;
  const invitations = useQuery(invitationsQuery(organization)).data;
  const known = security && people && invitations;
  const steps = [
    { label: WORDS.site, done: true },
    { label: WORDS.event, done: arrived },
    {
      label: WORDS.factor,
      done: security !== undefined && (security.totp || security.passkeys.length > 0),
      to: '/settings/security',
    },
    { label: WORDS.people, done: (people?.length ?? 0) > 1 || (invitations?.length ?? 0) > 0, to: '/settings/people' },
  ] as const;
  const done = steps.filter((step) => step.done).length;
  const over = known !== undefined && done === steps.length;
  useEffect(() => {
    if (over) setPreference('checklist', 'done');
  }, [over]);
  if (!known || over) return null;
  return (
    <section aria-label={WORDS.title} className="mt-12 border-line border-t pt-5 print:hidden">
      <div className="mb-2 flex items-center gap-3">
        <h2 className="font-semibold text-lg">{WORDS.title}</h2>
        <span className="numerals flex-1 text-faint text-sm">{WORDS.progress(done, steps.length)}</span>
        <Button onClick={() => setPreference('checklist', 'done')}>{WORDS.hide}</Button>
      </div>
      <ol>
        {steps.map((step) => (
          <li key={step.label} className="flex min-h-8 items-center gap-3 text-sm">
            {step.done ? (
              <Icon name="check" className="text-good" />
            ) : (
              <span aria-hidden="true" className="mx-0.5 size-3 shrink-0 rounded-full border border-edge" />
            )}
            {step.done || !('to' in step) ? (
              <span className={step.done ? 'text-faint' : ''}>
                {step.label}
                {step.done && <span className="sr-only">, {WORDS.done}</span>}
              </span>
            ) : (
              <Link to={step.to} className="py-1 underline decoration-edge underline-offset-4 hover:text-ink">
                {step.label}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
