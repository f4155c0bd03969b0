/** E-mail and password, or a passkey: offered in the e-mail field by browsers that can, and by a button. */
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { client, expectData } from '../../lib/api.ts';
import { describePasskeyTrouble, getPasskey, hasPasskeys } from '../../lib/passkey.ts';
import type { PasskeyProof, SignInAnswer } from '../../lib/people-schema.ts';
import { Button } from '../../ui/button.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { Problem, useWait } from '../../ui/problem.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFocus } from '../../ui/use-focus.ts';
import { SIGN_IN as WORDS } from './messages.ts';

interface FirstFactorProps {
  /** Whose it must be, where somebody signs in again. */
  email?: string;
  onAnswer: (answer: SignInAnswer) => void;
}

const askForPasskey = () => expectData(client.POST('/api/session/passkey/options'));
const sendPasskey = (body: PasskeyProof) => expectData(client.POST('/api/session/passkey', { body }));

export function FirstFactor({ email: known, onAnswer }: FirstFactorProps) {
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const focus = useFocus<HTMLInputElement>();
  const signIn = useMutation({
    mutationFn: () => expectData(client.POST('/api/session', { body: { email: email.trim(), password } })),
    onSuccess: onAnswer,
    onError: () => setPassword(''),
  });
  const passkey = useMutation({ mutationFn: usePasskeyOffer(onAnswer), onSuccess: onAnswer });
  const wait = useWait(signIn.error);
  function submit(event: FormEvent) {
    event.preventDefault();
    passkey.reset();
    if (email.trim() && password) signIn.mutate();
  }
  const said = passkey.error && describePasskeyTrouble(passkey.error);
  return (
    <form onSubmit={submit} noValidate className="grid gap-5">
      <Problem error={signIn.error} wait={wait} />
      {said && <Problem error={new Error(said)} />}
      <TextField
        ref={known ? undefined : focus}
        label={WORDS.email}
        type="email"
        name="email"
        autoComplete="username webauthn"
        value={email}
        readOnly={known !== undefined}
        onText={setEmail}
      />
      <PasswordField ref={known ? focus : undefined} label={WORDS.password} value={password} onText={setPassword} />
      <div className="grid gap-2">
        <Button type="submit" kind="solid" className="h-9" disabled={signIn.isPending || wait > 0}>
          {signIn.isPending ? WORDS.submitting : WORDS.submit}
        </Button>
        {hasPasskeys() && (
          <Button kind="line" className="h-9" disabled={passkey.isPending} onClick={() => passkey.mutate()}>
            {WORDS.passkey}
          </Button>
        )}
      </div>
      {!known && (
        <Link
          to="/reset"
          className="justify-self-start text-soft text-sm underline decoration-edge underline-offset-4 hover:text-ink"
        >
          {WORDS.forgot}
        </Link>
      )}
    </form>
  );
}

/** Lets the browser offer passkeys in the e-mail field while the form is there. Gives back the way of the button. */
function usePasskeyOffer(onAnswer: (answer: SignInAnswer) => void) {
  const [offer] = useState(() => ({ stop: new AbortController(), onAnswer }));
  offer.onAnswer = onAnswer;
  useEffect(() => {
    const stop = new AbortController();
    offer.stop = stop;
    void offerPasskeys(stop.signal).then((answer) => answer && offer.onAnswer(answer));
    return () => stop.abort();
  }, [offer]);
  return async () => {
    // Only one question for a passkey can be open at a time.
    offer.stop.abort();
    return sendPasskey(await getPasskey(await askForPasskey()));
  };
}

async function offerPasskeys(signal: AbortSignal): Promise<SignInAnswer | undefined> {
  if (!hasPasskeys() || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return undefined;
  try {
    const challenge = await askForPasskey();
    if (signal.aborted) return undefined;
    return await sendPasskey(await getPasskey(challenge, { mediation: 'conditional', signal }));
  } catch {
    // Nobody pressed anything: the form stays as it is.
    return undefined;
  }
}
