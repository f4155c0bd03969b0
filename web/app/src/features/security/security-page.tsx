/** Everything about one's own sign-in: who one is here, the proofs one has, and where one is signed in. */
import { useQuery } from '@tanstack/react-query';
import { securityQuery } from '../../lib/people-api.ts';
import type { SignedIn } from '../../lib/people-schema.ts';
import { Problem } from '../../ui/problem.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Devices } from './devices.tsx';
import { Passkeys } from './passkeys.tsx';
import { Proofs } from './proofs.tsx';
import { You } from './you.tsx';

export default function SecurityPage({ session }: { session: SignedIn }) {
  const { data: security, error } = useQuery(securityQuery);
  return (
    <>
      <You person={session.person} />
      <Problem error={security ? null : error} />
      {!security && !error && <Skeleton className="mb-10 h-96 w-full" />}
      {security && <Proofs security={security} email={session.person.email} />}
      {security && <Passkeys passkeys={security.passkeys} />}
      <Devices />
    </>
  );
}
