/** The words of the privacy centre, and of the page on which visitors ask. */
import type { Schemas } from '@candor/api-client';
import { formatSome } from '../../lib/format.ts';
import type { RequestKind } from '../../lib/privacy-api.ts';

export const ASK = {
  title: 'What is kept about you',
  lead: (domain: string) =>
    `${domain} measures how its pages are used. Here you can ask for what it keeps of you, or that it is changed or erased. You are answered by e-mail, within four weeks.`,
  kind: 'What do you want?',
  visitor: 'Your visitor id',
  visitorHelp: 'The page you came from may have filled it in. Leave it empty if you do not know it.',
  knownAs: 'How the site knows you',
  knownAsHelp: 'A customer number or the name of your account, if you have one there.',
  email: 'E-mail address for the answer',
  emailHelp: 'It is wiped once you are answered.',
  words: 'Anything else',
  submit: 'Send',
  contact: 'Questions about any of this go to',
  sent: 'Your request was sent',
  sentLead: (number: number, until: string) =>
    `It has the number ${number}. ${until} is the last day for the answer. Nothing is done before somebody at the site has looked at it.`,
} as const;

export const KINDS: Record<RequestKind, { label: string; text: string }> = {
  access: { label: 'Send me what is kept', text: 'All of it, as files that can be read.' },
  rectify: { label: 'Put something right', text: 'Say below what is wrong.' },
  erase: { label: 'Erase it', text: 'Everything that is kept, recordings included.' },
  restrict: { label: 'Keep it, but do not use it', text: 'It stays, and is in no report.' },
  object: { label: 'Stop gathering', text: 'Nothing more is kept from now on.' },
};

export const CENTRE = {
  requests: 'What visitors ask',
  requestsLead:
    'Whoever visits the site may ask what is kept of them. The law gives you a month, Candor counts four weeks. Once it is answered, nothing tells any more who asked.',
  page: 'Link to this page from the site’s privacy policy:',
  none: 'Nobody has asked anything.',
  refusedTitle: 'You do not answer for this site',
  refusedText: 'What visitors ask, to what they consented and who was erased is for owners and admins.',
  visitorOf: (visitor: string) => `What is known of ${visitor}`,
  number: (number: number) => `No. ${number}`,
  due: (when: string) => `Answer until ${when}`,
  late: (when: string) => `Was to be answered until ${when}`,
  answered: { done: 'done', declined: 'declined' },
  answer: 'Answer',
  visitor: 'Visitor id',
  knownAs: 'Known as',
  email: 'E-mail',
  words: 'Says',
  asked: (when: string) => `asked ${when}`,
  answerTitle: (number: number) => `Answer request ${number}`,
  outcome: 'What happened?',
  done: { label: 'It was done', text: 'What was asked for was carried out.' },
  declined: { label: 'It was not done', text: 'Say why: they are told.' },
  say: 'What they are told with it',
  send: 'Answer and wipe who asked',
  cancel: 'Cancel',
  mailed: 'Answered: a mail is on its way.',
  notMailed: (email: string) =>
    `Answered. No mail server is set up: write to ${email} yourself, nothing here knows the address any more.`,
} as const;

export const told = {
  found: (events: number, visits: number, recordings: number) =>
    `${formatSome(events, 'event', 'events')} in ${formatSome(visits, 'visit', 'visits')}, ${formatSome(recordings, 'recording', 'recordings')}`,
  days: (from: string, to: string) => (from === to ? `on ${from}` : `from ${from} to ${to}`),
};

export const FINDING = {
  title: 'Find a visitor',
  lead: 'What is known of them, their consents, and everything about them to give out, put right or erase.',
  who: 'Visitor',
  whoHelp: 'Their visitor id, or what the site calls them.',
  find: 'Find',
  nobody: 'Nothing is kept of anybody by that name.',
  open: 'Open',
  openOf: (visitor: string) => `Open ${visitor}`,
} as const;

export const RECEIPTS = {
  title: 'Who was erased',
  lead: 'By number alone: whoever has the visitor’s id can tell by the receipt that it was theirs. Backups made before hold it for three days, unless there is no newer one, and what is restored from one is erased again.',
  none: 'Nobody was erased yet.',
  earlier: 'Load earlier ones',
  loading: 'Loading …',
  receipt: (number: number) => `Erasure ${number}`,
  waits: 'under way',
  save: 'Receipt',
  saveOf: (number: number) => `Receipt of erasure ${number}`,
  check: 'Check',
  checkOf: (number: number) => `Check erasure ${number}`,
  backups: {
    off: 'No backups are made here.',
    none_older: 'No backup of before is left.',
    listed: 'There are backups of before; whatever is restored from one is erased again.',
    not_listed: 'There are backups of before, and what is restored from one would bring it back.',
    unknown: 'Where backups are kept did not answer: try again later.',
  } satisfies Record<Schemas['BackupsOfErasure'], string>,
  checking: 'Looking at every store …',
  isTrue: 'Still true: nothing of it is there.',
  isNotTrue: 'Not true any more: something of it is there again, or could come back.',
} as const;

export const KEEPING = {
  title: 'How long things are kept',
  lead: 'What is too old goes by itself, for ever: the server looks every minute. Backups hold it for three days more, unless there is no newer one.',
  events: 'Events',
  eventsHelp: 'By whole days of UTC, with the counts of what was refused on them.',
  recordings: 'Recordings',
  recordingsHelp: 'Each by itself, so long after it ended.',
  always: 'As long as there is the site',
  days: (count: number) => formatSome(count, 'day', 'days'),
  change: 'Change',
  shorterTitle: (what: string, days: string) => `Keep ${what.toLowerCase()} for ${days} only?`,
  shorterText: 'What is older goes within minutes, and nobody can bring it back.',
  changed: 'Changed.',
  nothing: 'Nothing goes within the next 30 days.',
  goes: (count: string, day: string) => `Within the next 30 days ${count} go, the first on ${day}.`,
  byDay: 'By day',
  columns: { on: 'On', count: 'How many', bytes: 'About' },
} as const;
