/** Signing in, by form or by a one-time address; and the way to the setup while the server has no owner. */
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { type ApiError, client, expectData } from '../../lib/api.ts';
import { forgetSecret, secretOf } from '../../lib/fragment.ts';
import { sessionQuery, setupQuery } from '../../lib/people-api.ts';
import type { SignInAnswer } from '../../lib/people-schema.ts';
import { readReturn } from '../../lib/return-address.ts';
import { buttonClass } from '../../ui/button.tsx';
import { LoneFrame } from '../../ui/lone-frame.tsx';
import { Problem, useWait } from '../../ui/problem.tsx';
import { SECOND, SIGN_IN as WORDS } from './messages.ts';
import { SignInFlow } from './sign-in-flow.tsx';
import { useArrival } from './use-arrival.ts';

export default function SignInPage() {
  const { to } = useSearch({ strict: false }) as { to?: string };
  const [second, setSecond] = useState(false);
  const [lost, setLost] = useState<Error>();
  const arrival = useArrival();
  const arrive = () => void arrival(to).catch(setLost);
  const oneTime = useOneTime(arrive);
  const linkWait = useWait(oneTime.failed);
  const session = useQuery(sessionQuery);
  const setup = useQuery(setupQuery);
  const router = useRouter();
  const address = readReturn(to, location.origin) ?? '/';
  useEffect(() => {
    if (session.data && !oneTime.following) router.history.replace(address);
  }, [session.data, oneTime.following, address, router]);

  if (oneTime.following && !lost) return <LoneFrame title={WORDS.following} />;
  if (setup.data) return secretOf('setup') ? <Navigate to="/setup" /> : <Unready />;
  const asked = second || oneTime.wanted !== undefined;
  return (
    <LoneFrame title={asked ? SECOND.title : WORDS.title} lead={asked ? SECOND.lead : undefined}>
      <div className="grid gap-5 pt-2">
        {!asked && <Problem error={oneTime.failed} wait={linkWait} />}
        <Problem error={lost} />
        <SignInFlow key={oneTime.wanted?.ticket} wanted={oneTime.wanted} onStep={setSecond} onDone={arrive} />
      </div>
    </LoneFrame>
  );
}

function Unready() {
  return (
    <LoneFrame title={WORDS.unready} lead={WORDS.unreadyLead}>
      <code className="mb-6 block rounded-md border border-line bg-wash p-3 font-mono text-sm">{WORDS.unreadyPath}</code>
      <Link to="/setup" className={buttonClass('solid', 'h-9')}>
        {WORDS.unreadyGo}
      </Link>
    </LoneFrame>
  );
}

interface OneTime {
  following: boolean;
  failed?: Error;
  wanted?: Extract<SignInAnswer, { signed_in: false }>;
}

/** Follows the one-time address this page was opened with, once. */
function useOneTime(onDone: () => void): OneTime {
  const [state, setState] = useState<OneTime>({ following: secretOf('oneTime') !== undefined });
  // biome-ignore lint/correctness/useExhaustiveDependencies: it works once, whoever draws this page again
  useEffect(() => {
    const token = secretOf('oneTime');
    if (!token) return;
    forgetSecret('oneTime');
    expectData(client.POST('/api/session/one-time', { body: { token } })).then(
      (answer) => (answer.signed_in ? onDone() : setState({ following: false, wanted: answer })),
      // Whoever must wait has a link that is good for all that is known.
      (error: ApiError) => setState({ following: false, failed: error.status === 429 ? error : new Error(WORDS.linkFailed) }),
    );
  }, []);
  return state;
}
