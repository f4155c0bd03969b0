/** The words of every way in: signing in, setting up, choosing a new password, following an invitation. */
import type { Factor, Role } from '../../lib/people-schema.ts';

export const SIGN_IN = {
  title: 'Sign in',
  email: 'E-mail',
  password: 'Password',
  submit: 'Sign in',
  submitting: 'Signing in …',
  passkey: 'Sign in with a passkey',
  forgot: 'Forgot the password?',
  following: 'Signing you in …',
  linkFailed: 'This one-time address no longer works. Sign in below, or ask for a new one.',
  noCookie:
    'That was right, but this browser keeps no cookie of this address and so stays signed out. Open the server over https or, on its own machine, as localhost; and allow cookies there.',
  unready: 'This server has no owner yet',
  unreadyLead:
    'At its first start the server printed a one-time address. Open it to become the owner; the token in it is also kept on the server, until it is used, in this file:',
  unreadyPath: 'DATA/setup-token',
  unreadyGo: 'I have the token',
  again: 'Sign in to go on',
  againLead: 'Your sign-in has ended. What you were doing is kept and goes on afterwards.',
  leave: 'Leave it and go to the start',
} as const;

export const SECOND = {
  title: 'One more proof',
  lead: 'The password was right. Now show the second factor.',
  totp: 'Code from your authenticator app',
  totpHelp: 'Six digits that change every 30 seconds.',
  recovery: 'Recovery code',
  recoveryHelp: 'One of the codes you kept. It works once.',
  passkey: 'Use a passkey',
  submit: 'Go on',
  submitting: 'Checking …',
  instead: { totp: 'Use the authenticator app', passkey: 'Use a passkey', recovery_code: 'Use a recovery code' } as Record<
    Factor,
    string
  >,
  restart: 'Start again',
} as const;

export const SETUP = {
  title: 'Become the owner',
  lead: 'This server is new. Its first owner decides who else may see anything.',
  token: 'Setup token',
  tokenHelp: 'From the address that the server printed, or from DATA/setup-token.',
  name: 'Your name',
  optional: 'Shown to the people you work with. May stay empty.',
  organization: 'Organization',
  organizationHelp: 'Whose sites these are: a company, a team, yourself.',
  submit: 'Create the owner',
  submitting: 'Creating …',
  passkey: 'Use a passkey instead of a password',
  used: 'This server is set up already',
  usedLead: 'The setup token works once. Whoever used it is the owner and can invite you.',
  codes: 'Keep your recovery codes',
  codesLead: 'If your password or device is ever lost, each of these lets you in once. They are shown now and never again.',
  goOn: 'Add the first site',
} as const;

export const RESET = {
  title: 'Forgot the password?',
  lead: 'We send a link to your address. It works once, and your second factor stays as it is.',
  submit: 'Send the link',
  sent: 'Look into your mail',
  sentLead: (email: string) => `If ${email} signs in here, a link is on its way.`,
  noMail: 'Nothing arrives? A server may have no mail. An owner or admin can then make a reset link for you under People.',
  back: 'Back to signing in',
  choose: 'Choose a new password',
  chooseLead: 'Signing in with it still asks for your second factor, if you have one.',
  password: 'New password',
  change: 'Change the password',
  done: 'The password is changed',
  doneLead: 'Every device that was signed in has been signed out.',
  signIn: 'Sign in',
} as const;

export const INVITATION = {
  title: (organization: string) => `Join ${organization}`,
  looking: 'An invitation',
  role: 'You will be',
  sites: 'of',
  accept: (email: string) => `Join as ${email}`,
  other: 'Not you? Sign out first, and open the link again.',
  submit: 'Create the account and join',
  submitting: 'Joining …',
  passkey: 'Use a passkey instead of a password',
  known: 'I sign in here already',
  incomplete: 'This address is incomplete',
  incompleteLead: 'The part behind the # was lost on the way. Copy the whole link from the message.',
  invalid: 'This invitation cannot be used',
} as const;

export const ROLE_MEANS: Record<Role, string> = {
  owner: 'an owner: all of the organization',
  admin: 'an admin: all sites and their people',
  organization_viewer: 'a viewer of all sites',
  site_viewer: 'a viewer',
};
