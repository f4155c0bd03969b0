/** The words about one visitor. */
import { formatSome } from '../../lib/format.ts';
import type { AttributeKind } from '../../lib/visitor-api.ts';

const inWords = (numbers: readonly number[]) => `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;

export const KIND_WORDS: Record<AttributeKind, string> = {
  text: 'text',
  number: 'number',
  boolean: 'yes or no',
  date: 'date',
  address: 'network address',
};

export const VISITOR = {
  title: 'A visitor',
  audited: 'That you looked is in the audit log of the organization.',
  id: 'Visitor id',
  unseen: 'Nothing that they did is kept.',
  first: 'First seen',
  last: 'Last seen',
  amount: 'Kept',
  ids: 'All their ids',
  countedAs: (visitor: string) => `counted as ${visitor}`,
  kept: (events: number, visits: number) =>
    `${formatSome(events, 'event', 'events')} in ${formatSome(visits, 'visit', 'visits')}`,
  recordings: (count: number) => formatSome(count, 'recording', 'recordings'),
  toRecordings: 'Their recordings',
  withdrawn: 'They withdrew their consent: what they do from then on is measured without an id.',
  refusedTitle: 'You may not see who visitors of this site are',
  refusedText: 'An owner or admin can, and lets viewers with the recordings, in the settings of the site.',
  nobodyTitle: 'There is no such visitor',
  nobodyText: 'The address names nobody.',
  nobodyFind: 'Find a visitor in the privacy centre.',
  failedTitle: 'This could not be loaded',
  retry: 'Try again',
} as const;

export const ATTRIBUTES = {
  title: 'What is known of them',
  lead: 'What the site said of them, in the attributes that it declares. Each correction is in the audit log.',
  none: 'Nothing is known of them.',
  said: (kind: string, when: string) => `${kind}, said ${when}`,
  correct: 'Correct',
  correctOf: (name: string) => `Correct ${name}`,
  remove: 'Remove',
  removeOf: (name: string) => `Remove ${name}`,
  removeTitle: (name: string) => `Remove ${name}?`,
  removeText: 'It is not kept any longer. The site may say it again.',
  removed: 'Removed.',
  corrected: 'Corrected.',
  add: 'Add',
  which: 'Attribute',
  value: 'Value',
  yes: 'yes',
  no: 'no',
  receipt: 'By which consent of theirs',
  receiptNone: 'An address needs a consent of theirs that is not withdrawn: write one down below first.',
  dateHelp: 'As in 2026-11-26.',
  save: 'Save',
  cancel: 'Cancel',
} as const;

export const CONSENTS = {
  title: 'What they consented to',
  lead: 'A receipt says to what, having been shown which text, when and how.',
  none: 'There is no receipt of theirs.',
  below: (version: string, receipt: string) => `Text ${version}. Receipt ${receipt}`,
  given: (when: string, way: string) => `given ${when}, ${way}`,
  ways: { page: 'on a page', api: 'by the site’s server', ui: 'written down here' } as Record<string, string>,
  withdrawn: (when: string) => `withdrawn ${when}`,
  withdraw: 'Withdraw',
  withdrawOf: (purposes: string) => `Withdraw ${purposes}`,
  withdrawTitle: 'Withdraw this consent?',
  withdrawText:
    'Whoever withdraws their last is measured without an id from the next event on, and nothing more is said of them. A full address that was kept by it goes at once. What else was kept until then stays; you can erase it below.',
  withdrawDone: 'Withdrawn. What else was kept before is still there: erase it below if they want.',
  give: 'Write a consent down',
  giveLead: 'For what somebody told you by telephone, on paper or by mail.',
  purposes: 'To what',
  purposesHelp: 'Words such as analytics, with spaces between.',
  version: 'Which text they were shown',
  versionHelp: 'The wording of now is filled in.',
  submit: 'Write it down',
  givenDone: 'Written down.',
  cancel: 'Cancel',
} as const;

export const ACCESS = {
  title: 'Give it to them',
  lead: 'Everything that is kept of them, under all their ids, as files that people and programs read: what they did, what is known of them, their consents and their recordings.',
  take: 'Take it out as a ZIP',
  taking: 'Taking it out …',
  audited: 'That it was taken out is in the audit log.',
  closed: 'An owner takes it out.',
  brokeOff: 'It broke off, and nothing was saved. Try again.',
} as const;

export const RESTRICTING = {
  title: 'What is not done any more',
  restrict: {
    label: 'In no report',
    help: 'What is kept of them stays, and what comes is kept, but it is in no report, list of recordings or heatmap. An export gives it.',
    on: 'They are in no report any more.',
    off: 'They are in reports again.',
  },
  object: {
    label: 'Gather nothing more',
    help: 'From the next event on nothing of them is measured or recorded, by any of their ids, also after they are erased. What is kept stays.',
    on: 'Nothing more of them is gathered.',
    off: 'They are measured again.',
  },
  restricted: 'They are in no report: what is kept of them is not used.',
  objected: 'They objected: nothing more of them is gathered.',
} as const;

export const ERASING = {
  title: 'Erase them',
  lead: 'Takes everything that is kept of them, under all their ids, out of every store, for ever. What is restored from a backup is erased again.',
  nothing: 'Nothing that they did is kept; what is known of them and their consents would go.',
  would: (what: string) => `What would go: ${what}.`,
  bytes: (size: string) => `about ${size}`,
  backups: (day: string) => `A backup may hold it until ${day}, unless there is no newer one.`,
  erase: 'Erase …',
  eraseTitle: 'Erase this visitor?',
  eraseText: 'It cannot be taken back. You get a signed receipt for each of their ids.',
  action: 'Erase for ever',
  doneTitle: 'They are erased',
  done: (numbers: readonly number[]) =>
    numbers.length === 1
      ? `Nothing of them is kept any more. Erasure ${numbers[0]} is in the privacy centre, where you can look later whether its receipt is still true.`
      : `Nothing of them is kept any more. They had ${numbers.length} ids, and each has an erasure of its own: ${inWords(numbers)} are in the privacy centre, where you can look later whether their receipts are still true.`,
  save: 'Save the receipt',
  saveOf: (number: number) => `Save receipt ${number}`,
  centre: 'Privacy centre',
} as const;
