/** A forgotten password: asking for the link, and, with the link, choosing a new one. */
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { client, expectData } from '../../lib/api.ts';
import { forgetSecret, secretOf } from '../../lib/fragment.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { LoneFrame } from '../../ui/lone-frame.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { Problem, problemOf, useWait } from '../../ui/problem.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFocus } from '../../ui/use-focus.ts';
import { SIGN_IN, RESET as WORDS } from './messages.ts';

export default function ResetPage() {
  const [token] = useState(() => secretOf('reset'));
  return token ? <Choose token={token} /> : <Request />;
}

function Request() {
  const [email, setEmail] = useState('');
  const focus = useFocus<HTMLInputElement>();
  const ask = useMutation({
    mutationFn: () => expectData(client.POST('/api/password/reset', { body: { email: email.trim() } })),
  });
  const wait = useWait(ask.error);
  const back = (
    <Link to="/sign-in" className="text-soft text-sm underline decoration-edge underline-offset-4 hover:text-ink">
      {WORDS.back}
    </Link>
  );
  if (ask.isSuccess) {
    return (
      <LoneFrame key="sent" title={WORDS.sent} lead={WORDS.sentLead(email.trim())}>
        <p className="mb-6 text-soft text-sm">{WORDS.noMail}</p>
        {back}
      </LoneFrame>
    );
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (email.trim()) ask.mutate();
  }
  return (
    <LoneFrame title={WORDS.title} lead={WORDS.lead}>
      <form onSubmit={submit} noValidate className="grid gap-5">
        <Problem error={ask.error} fields={['email']} wait={wait} />
        <TextField
          ref={focus}
          label={SIGN_IN.email}
          type="email"
          name="email"
          autoComplete="username"
          value={email}
          problem={problemOf(ask.error, 'email')}
          onText={setEmail}
        />
        <Button type="submit" kind="solid" className="h-9" disabled={!email.trim() || ask.isPending || wait > 0}>
          {WORDS.submit}
        </Button>
        {back}
      </form>
    </LoneFrame>
  );
}

function Choose({ token }: { token: string }) {
  const [password, setPassword] = useState('');
  const focus = useFocus<HTMLInputElement>();
  const change = useMutation({
    mutationFn: () => expectData(client.POST('/api/password', { body: { token, password } })),
    onSuccess: () => forgetSecret('reset'),
  });
  const wait = useWait(change.error);
  if (change.isSuccess) {
    return (
      <LoneFrame key="done" title={WORDS.done} lead={WORDS.doneLead}>
        <Link to="/sign-in" className={buttonClass('solid', 'h-9')}>
          {WORDS.signIn}
        </Link>
      </LoneFrame>
    );
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (password) change.mutate();
  }
  return (
    <LoneFrame title={WORDS.choose} lead={WORDS.chooseLead}>
      <form onSubmit={submit} noValidate className="grid gap-5">
        <Problem error={change.error} fields={['password']} wait={wait} />
        <PasswordField
          ref={focus}
          label={WORDS.password}
          isNew
          value={password}
          problem={problemOf(change.error, 'password')}
          onText={setPassword}
        />
        <Button type="submit" kind="solid" className="h-9" disabled={!password || change.isPending || wait > 0}>
          {WORDS.change}
        </Button>
      </form>
    </LoneFrame>
  );
}
