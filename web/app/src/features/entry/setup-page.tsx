/** The first owner: who they are, how they sign in, and the recovery codes they keep before anything else. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { client, expectData } from '../../lib/api.ts';
import { forgetSecret, secretOf } from '../../lib/fragment.ts';
import { createPasskey, describePasskeyTrouble, hasPasskeys } from '../../lib/passkey.ts';
import { sessionQuery, setupQuery } from '../../lib/people-api.ts';
import type { FirstProof } from '../../lib/people-schema.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { LoneFrame } from '../../ui/lone-frame.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { Problem, problemOf, useWait } from '../../ui/problem.tsx';
import { RecoveryCodes } from '../../ui/recovery-codes.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFocus } from '../../ui/use-focus.ts';
import { SIGN_IN, SETUP as WORDS } from './messages.ts';
import { useFreshQuery } from './use-fresh-query.ts';

const FIELDS = ['token', 'email', 'name', 'organization', 'password'] as const;

export default function SetupPage() {
  const [codes, setCodes] = useState<string[]>();
  const needed = useFreshQuery(setupQuery);
  const queries = useQueryClient();
  const router = useRouter();
  if (codes) {
    return (
      <LoneFrame title={WORDS.codes} lead={WORDS.codesLead}>
        <RecoveryCodes codes={codes} action={WORDS.goOn} onKept={() => router.history.replace('/')} />
      </LoneFrame>
    );
  }
  if (needed === false) {
    return (
      <LoneFrame title={WORDS.used} lead={WORDS.usedLead}>
        <Link to="/sign-in" className={buttonClass('solid', 'h-9')}>
          {SIGN_IN.title}
        </Link>
      </LoneFrame>
    );
  }
  async function finish(made: string[]) {
    forgetSecret('setup');
    if (made.length > 0) setCodes(made);
    else router.history.replace('/');
    queries.setQueryData(setupQuery.queryKey, false);
    await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }
  return (
    <LoneFrame title={WORDS.title} lead={WORDS.lead}>
      <SetupForm onDone={finish} />
    </LoneFrame>
  );
}

function SetupForm({ onDone }: { onDone: (codes: string[]) => void }) {
  const given = secretOf('setup');
  const [form, setForm] = useState({ token: given ?? '', email: '', name: '', organization: '', password: '' });
  const focus = useFocus<HTMLInputElement>();
  const create = useMutation({
    mutationFn: async (by: 'password' | 'passkey') => {
      const { token, password, name, ...rest } = trimmed(form);
      const proof: FirstProof =
        by === 'password'
          ? { password }
          : {
              passkey: await createPasskey(
                await expectData(client.POST('/api/setup/passkey', { body: { token, email: rest.email } })),
              ),
            };
      return expectData(client.POST('/api/setup', { body: { token, ...rest, ...(name && { name }), ...proof } }));
    },
    onSuccess: ({ recovery_codes }) => onDone(recovery_codes),
  });
  const wait = useWait(create.error);
  const busy = create.isPending || wait > 0;
  const named = form.token.trim() !== '' && form.email.trim() !== '' && form.organization.trim() !== '';
  const field = (name: keyof typeof form) => ({
    value: form[name],
    problem: problemOf(create.error, name),
    onText: (text: string) => setForm((known) => ({ ...known, [name]: text })),
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (named && form.password && !busy) create.mutate('password');
  }
  const said = create.error && describePasskeyTrouble(create.error);
  return (
    <form onSubmit={submit} noValidate className="grid gap-5">
      {said && (
        <Problem error={create.error instanceof DOMException ? new Error(said) : create.error} fields={FIELDS} wait={wait} />
      )}
      {(!given || problemOf(create.error, 'token')) && (
        <TextField
          ref={focus}
          label={WORDS.token}
          help={WORDS.tokenHelp}
          autoComplete="off"
          className="font-mono"
          {...field('token')}
        />
      )}
      <TextField
        ref={given ? focus : undefined}
        label={SIGN_IN.email}
        type="email"
        name="email"
        autoComplete="username"
        {...field('email')}
      />
      <TextField
        label={WORDS.name}
        help={WORDS.optional}
        name="name"
        autoComplete="name"
        autoCapitalize="words"
        {...field('name')}
      />
      <TextField
        label={WORDS.organization}
        help={WORDS.organizationHelp}
        name="organization"
        autoComplete="organization"
        autoCapitalize="words"
        {...field('organization')}
      />
      <PasswordField label={SIGN_IN.password} isNew {...field('password')} />
      <div className="grid gap-2">
        <Button type="submit" kind="solid" className="h-9" disabled={busy || !named || !form.password}>
          {create.isPending ? WORDS.submitting : WORDS.submit}
        </Button>
        {hasPasskeys() && (
          <Button kind="line" className="h-9" disabled={busy || !named} onClick={() => create.mutate('passkey')}>
            {WORDS.passkey}
          </Button>
        )}
      </div>
    </form>
  );
}

const trimmed = <T extends Record<string, string> & { password: string }>(form: T): T => ({
  ...(Object.fromEntries(Object.entries(form).map(([name, text]) => [name, text.trim()])) as T),
  password: form.password,
});
