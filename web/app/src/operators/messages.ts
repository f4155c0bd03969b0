/** The words of the operators' console. */
export const SIGN_IN = {
  title: 'Operators',
  lead: 'For those who run this server. It shows no customer’s data.',
  name: 'Operator',
  nameHelp: 'The name you are enrolled by.',
  next: 'Go on',
  sign: 'Sign this with your SSH key',
  signLead: (operator: string) =>
    `Run this where the key of ${operator} is, and paste what it prints. The challenge works once and for a few minutes.`,
  command: (challenge: string) => `candor operator login --key ~/.ssh/id_ed25519 --challenge ${challenge}`,
  signature: 'Signature',
  again: 'What was sent is used up: this is another challenge.',
  prove: 'One more proof',
  proveLead: 'Both halves are wanted each time: the key and the code.',
  code: 'Code from your authenticator app',
  enrol: 'Set up your app for codes',
  enrolLead:
    'This is your first sign-in. Scan this with an authenticator app, or type the secret into it. It is not shown again once you are in.',
  firstCode: 'Code that the app shows',
  submit: 'Sign in',
  restart: 'Start again',
} as const;

export const CONSOLE = {
  signOut: 'Sign out',
  until: (clock: string) => `until ${clock}`,
  solo: 'This server has one operator: destructive acts need nobody’s approval. Enrol a second one to change that.',
} as const;

export const HEALTH = {
  title: 'Health',
  storage: 'Storage',
  full: 'full',
  room: 'has room',
  version: 'Version',
  late: 'late:',
  done: 'done',
  due: 'not yet due',
} as const;

export const APPROVALS = {
  title: 'Waiting for a second operator',
  none: 'Nothing waits.',
  acts: {
    operator_enrol: (name: string) => `Enrol ${name}`,
    organization_disable: (name: string) => `Close ${name} to everybody`,
    organization_remove: (name: string) => `Remove ${name} for ever`,
    backup_list: () => 'Show which backups there are',
  } as Record<string, (name: string) => string>,
  asked: (who: string, when: string) => `asked by ${who}, ${when}`,
  approve: 'Approve',
  approveTitle: (what: string) => `${what}?`,
  approveText: 'It is done at once. Both operators are in the audit log.',
  approved: 'Approved and done.',
  decline: 'Decline',
  declined: 'Declined.',
  yours: 'Another operator decides.',
  key: 'Key',
  networks: 'Networks',
  here: 'the server’s own machine alone',
} as const;

export const ORGANIZATIONS = {
  title: 'Organizations',
  none: 'There is none yet.',
  counts: (sites: number, people: number) =>
    `${sites} ${sites === 1 ? 'site' : 'sites'} · ${people} ${people === 1 ? 'person' : 'people'}`,
  add: 'Add an organization',
  name: 'Name',
  owner: 'E-mail of its owner',
  ownerHelp: 'They get an invitation.',
  submit: 'Add it',
  added: 'Added. Its owner is invited.',
  addedLink: 'Added. Its owner is invited; you can also hand this link over:',
  remove: 'Remove',
  removeOf: (name: string) => `Remove ${name}`,
  removeTitle: (name: string) => `Remove ${name}?`,
  removeText:
    'Its key is destroyed and its people are gone: nobody can bring it back, from no backup either. One that measures something is kept until 60 days after its subscription ended. With two operators enrolled the other one has to approve first.',
  removed: 'Removed.',
  waits: 'Another operator has to approve it.',
  ask: 'Ask to see data',
  askOf: (name: string) => `Ask to see data of ${name}`,
} as const;

export const GRANTS = {
  title: 'Support grants',
  lead: 'An owner decides, for one purpose and a while. They see it while it lasts.',
  none: 'Nothing was asked for.',
  states: {
    pending: 'waits for an owner',
    active: 'open now',
    declined: 'declined',
    ended: 'ended',
    expired: 'ran out',
  } as Record<string, string>,
  end: 'End',
  endOf: (ticket: string) => `End ${ticket}`,
  ended: 'Ended.',
  until: (state: string, clock: string) => `${state}, until ${clock}`,
  look: 'Look',
  lookOf: (ticket: string) => `Look by ${ticket}`,
  ask: (name: string) => `Ask to see data of ${name}`,
  site: 'Site',
  purpose: 'Purpose',
  purposeHelp: 'The owner reads this and decides by it.',
  ticket: 'Ticket',
  fields: 'Fields',
  minutes: 'Minutes',
  days: 'Looks back',
  daysOf: (count: number) => `${count} days`,
  submit: 'Ask',
  asked: 'Asked. An owner decides.',
} as const;

export const VIEW = {
  title: (site: string) => `What is granted of ${site}`,
  lead: 'Each question is in the log of the organization. The first one ties the grant to this sign-in.',
  until: (clock: string) => `It is open until ${clock}.`,
  by: 'By',
  bys: { total: 'Everything together', time: 'Time', property: 'Property' },
  property: 'Name of the property',
  measures: 'Measures',
  measure: {
    reach: 'Visitors and visits',
    stay: 'Bounces and duration',
    reading: 'Time and scrolling',
    events: 'Events',
  },
  period: 'Period',
  days: (count: number) => (count === 1 ? 'Today' : `Last ${count} days`),
  submit: 'Show',
  answer: 'Answer',
  all: 'All',
  rows: (shown: number, left: number) =>
    `${shown === 0 ? 'No row' : shown === 1 ? 'One row' : `${shown} rows`}; ${
      left === 0 ? 'none was left out.' : `${left} left out, of fewer than five visitors each.`
    }`,
  most: (count: number) => `Only the first ${count} are asked for.`,
  unknown: 'Fewer than five visitors: nothing is told of them.',
} as const;

export const FIELDS = [
  { value: 'page', label: 'Pages' },
  { value: 'source', label: 'Sources' },
  { value: 'campaign', label: 'Campaigns' },
  { value: 'country', label: 'Countries' },
  { value: 'device', label: 'Devices and browsers' },
  { value: 'event', label: 'Names of events' },
  { value: 'property', label: 'Properties of events' },
] as const;

export const OPERATORS = {
  title: 'Operators',
  none: 'None.',
  second: 'second factor',
  noSecond: 'no second factor yet',
  seen: (when: string) => `seen ${when}`,
  never: 'never seen',
  enrol: 'Enrol an operator',
  name: 'Name',
  key: 'SSH public key',
  keyHelp: 'One line, as in id_ed25519.pub.',
  networks: 'Networks',
  networksHelp: 'From where they may sign in, such as 198.51.100.0/24, with commas between.',
  submit: 'Enrol',
  enrolled: 'Enrolled.',
  waits: 'Another operator has to approve it.',
} as const;
