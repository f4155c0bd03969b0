/** The words of the question whether it is really the person. */
export const WORDS = {
  title: 'Confirm that it is you',
  lead: 'This change matters, so a sign-in of some minutes ago is not enough.',
  password: 'Password',
  code: 'Code from your authenticator app',
  submit: 'Confirm',
  submitting: 'Checking …',
  passkey: 'Confirm with a passkey',
  usePassword: 'Use the password',
  useCode: 'Use a code from the app',
  cancel: 'Cancel',
} as const;
