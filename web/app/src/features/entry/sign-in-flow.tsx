/** Both steps of signing in, wherever they stand: on the page of their own, or over the screen whose sign-in ended. */
import { useState } from 'react';
import type { SignInAnswer } from '../../lib/people-schema.ts';
import { FirstFactor } from './first-factor.tsx';
import { SecondFactor } from './second-factor.tsx';

type Wanted = Extract<SignInAnswer, { signed_in: false }>;

interface SignInFlowProps {
  email?: string;
  /** A second factor that is already asked for. */
  wanted?: Wanted;
  onStep?: (second: boolean) => void;
  onDone: () => void;
}

export function SignInFlow({ email, wanted: first, onStep, onDone }: SignInFlowProps) {
  const [wanted, setWanted] = useState<Wanted | undefined>(first);
  function take(answer: SignInAnswer) {
    if (answer.signed_in) return onDone();
    setWanted(answer);
    onStep?.(true);
  }
  function restart() {
    setWanted(undefined);
    onStep?.(false);
  }
  if (!wanted) return <FirstFactor email={email} onAnswer={take} />;
  return <SecondFactor ticket={wanted.ticket} factors={wanted.second_factors} onAnswer={take} onRestart={restart} />;
}
