/** Shows the questions that requests ask: sign in again, or confirm that it is you. Loaded when first asked. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { settle, useQuestion } from '../lib/asks.ts';
import { sessionQuery } from '../lib/people-api.ts';

const SignInAgain = lazy(() => import('../features/entry/sign-in-again.tsx'));
const ConfirmDialog = lazy(() => import('../features/confirm/confirm-dialog.tsx'));

export function GuardHost() {
  const question = useQuestion();
  const { data: session } = useQuery({ ...sessionQuery, enabled: false });
  const email = useRef<string>(undefined);
  if (session) email.current = session.person.email;
  // Where nobody was signed in there is nothing to keep: the address leads to the sign-in and back.
  const nobody = question === 'signIn' && email.current === undefined;
  useEffect(() => {
    if (nobody) settle('signIn', false);
  }, [nobody]);
  return (
    <Suspense fallback={null}>
      {question === 'signIn' && email.current && <SignInAgain email={email.current} onDone={(yes) => settle('signIn', yes)} />}
      {question === 'confirm' && <ConfirmDialog onDone={(yes) => settle('confirm', yes)} />}
    </Suspense>
  );
}
