/** The words about one's own sign-in. */
export const YOU = {
  title: 'You',
  name: 'Name',
  nameHelp: 'Shown to the people you work with.',
  email: 'E-mail',
  emailHelp: 'You sign in with it, and links to reset the password go there.',
  save: 'Save',
  saved: 'Saved.',
} as const;

export const PASSWORD = {
  title: 'Password',
  none: 'You have none and sign in with passkeys.',
  lead: 'Changing it signs out every other device.',
  change: 'Change',
  choose: 'Choose one',
  field: 'New password',
  submit: 'Change the password',
  done: 'The password is changed.',
} as const;

export const TOTP = {
  title: 'Authenticator app',
  on: 'On. Signing in asks for a code that changes every 30 seconds.',
  off: 'Off. An app on your phone makes a code that a stolen password lacks.',
  start: 'Set up',
  stop: 'Turn off',
  stopTitle: 'Turn the authenticator app off?',
  stopText: 'Signing in then asks for the password alone, unless you have a passkey.',
  stopped: 'The authenticator app is off.',
  setup: 'Set up the authenticator app',
  scan: 'Scan this with the app, or type the secret into it.',
  code: 'Code that the app shows',
  confirm: 'Turn on',
  started: 'The authenticator app is on.',
} as const;

export const PASSKEYS = {
  title: 'Passkeys',
  lead: 'Held by your device or a security key and useless to a false page. A passkey is both factors in one.',
  none: 'You have no passkey.',
  add: 'Add a passkey',
  unable: 'This browser or address cannot make passkeys: they need https or localhost.',
  name: 'Name',
  nameHelp: 'So that you know it again, such as the device that holds it.',
  submit: 'Make it',
  submitting: 'Follow your browser …',
  added: 'The passkey is added.',
  made: (day: string) => `made ${day}`,
  used: (when: string) => `used ${when}`,
  unused: 'never used',
  remove: 'Remove',
  removeOf: (name: string) => `Remove ${name}`,
  removeTitle: 'Remove this passkey?',
  removeText: (name: string) => `“${name}” signs you in no more. Remove it from the device as well.`,
  removed: 'The passkey is removed.',
} as const;

export const CODES = {
  title: 'Recovery codes',
  left: (count: number) => (count === 1 ? 'One code is left.' : `${count} codes are left.`),
  none: 'No code is left. Without one, a lost device locks you out.',
  renew: 'Make new ones',
  renewTitle: 'Make new recovery codes?',
  renewText: 'The old ones stop working at once.',
  shown: 'Your recovery codes',
  firstLead: 'Each lets you in once, should the device with your second factor be lost. They are shown now and never again.',
  done: 'Done',
} as const;

export const DEVICES = {
  title: 'Signed-in devices',
  here: 'this one',
  seen: (when: string) => `seen ${when}`,
  since: (day: string) => `since ${day}`,
  from: (network: string) => `from ${network}`,
  end: 'Sign out',
  endOf: (agent: string) => `Sign out ${agent}`,
  ended: 'Signed out there.',
  others: 'Sign out everywhere else',
  othersTitle: 'Sign out everywhere else?',
  othersText: 'Every device but this one has to sign in again.',
  othersDone: 'Signed out everywhere else.',
  link: 'Sign in on another device',
  linkLead: 'Open this address there. It works once, for five minutes, and signs in as you.',
  none: 'None.',
} as const;
