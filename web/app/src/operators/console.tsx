/** The console: the sign-in, or all there is to run. */
import { useQuery } from '@tanstack/react-query';
import { expectData } from '../lib/api.ts';
import { formatClock } from '../lib/format.ts';
import { sayTrouble } from '../lib/say.ts';
import { Button } from '../ui/button.tsx';
import { LoneFrame } from '../ui/lone-frame.tsx';
import { Mark } from '../ui/mark.tsx';
import { Problem } from '../ui/problem.tsx';
import { client, sessionQuery } from './api.ts';
import { Approvals } from './approvals.tsx';
import { Backups } from './backups.tsx';
import { Grants } from './grants.tsx';
import { HealthPart } from './health.tsx';
import { SIGN_IN, CONSOLE as WORDS } from './messages.ts';
import { Operators } from './operators.tsx';
import { Organizations } from './organizations.tsx';
import type { OperatorSession } from './schema.ts';
import { SignIn } from './sign-in.tsx';

export function Console() {
  const { data: session, error } = useQuery(sessionQuery);
  if (session) return <Inside session={session} />;
  if (session === null) return <SignIn />;
  return (
    <LoneFrame title={SIGN_IN.title} lead={SIGN_IN.lead}>
      <Problem error={error} />
    </LoneFrame>
  );
}

async function signOut() {
  try {
    await expectData(client.DELETE('/api/operator/session'));
    location.reload();
  } catch (error) {
    sayTrouble(error as Error);
  }
}

function Inside({ session }: { session: OperatorSession }) {
  return (
    <>
      <header className="sticky top-0 z-20 border-line border-b bg-paper">
        <div className="mx-auto flex min-h-14 max-w-4xl flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 sm:px-6">
          <Mark />
          <p className="font-semibold">{SIGN_IN.title}</p>
          <p className="ml-auto min-w-0 truncate text-soft text-sm">
            {session.operator}
            {session.ends_at && <span className="text-faint"> {WORDS.until(formatClock(new Date(session.ends_at)))}</span>}
          </p>
          <Button onClick={() => void signOut()}>{WORDS.signOut}</Button>
        </div>
      </header>
      <main id="content" className="mx-auto max-w-4xl px-4 pt-8 pb-20 sm:px-6">
        <h1 className="sr-only">{SIGN_IN.title}</h1>
        {session.solo && <p className="mb-8 rounded-md bg-warn-wash px-4 py-3 text-sm">{WORDS.solo}</p>}
        <HealthPart />
        <Approvals operator={session.operator} />
        <Organizations />
        <Backups />
        <Grants operator={session.operator} />
        <Operators />
      </main>
    </>
  );
}
