/** The words of the player. */
import type { MarkKind } from '../../lib/replay/marks.ts';

export const WORDS = {
  frame: 'The recorded page, rebuilt',
  back: 'Recordings',
  title: (day: string) => `Recording of ${day}`,
  player: 'Player',
  play: 'Play',
  pause: 'Pause',
  speed: 'Speed',
  timeline: 'Moment of the recording',
  of: (at: string, length: string) => `${at} of ${length}`,
  leap: 'Leap over quiet',
  leapHelp: 'Where nobody did anything for more than ten seconds, the player goes on at the next thing done.',
  copy: 'Copy address',
  copyMoment: 'at this moment',
  copied: (at: string) => `The address of ${at} is copied. Whoever may see recordings of this site can open it.`,
  recordingsOf: 'Recordings of',
  thisVisitor: 'this visitor',
  remove: 'Remove',
  removeTitle: 'Remove this recording?',
  removeText: 'It is erased, and nobody can bring it back. The visit’s events stay in the reports.',
  removed: 'The recording is removed.',
  loading: 'Loading this moment',
  opening: 'Opening the recording',
  brokenTitle: 'This part cannot be shown',
  brokenText: 'It did not come whole, or holds something that no recorder of Candor writes.',
  after: 'Go on after it',
  retry: 'Try again',
  noFrameTitle: 'There is nowhere to show it',
  noFrameText:
    'Recordings play in a page of another address than this one, so that nothing in them can reach it, and this server has none. Whoever runs it sets --replay-url.',
  goneTitle: 'There is no such recording',
  goneText: 'It was removed, it is past the time the site keeps recordings, or the address was mistyped.',
  emptyTitle: 'There is nothing to show yet',
  emptyText: 'What the pages looked like did not arrive. It may still come while the visit goes on.',
  refusedTitle: 'You may not see recordings of this site',
  refusedText: 'An owner or admin can let viewers see them, in the settings of the site.',
  failedTitle: 'The recording cannot be opened',
  happenings: 'What happened',
  reading: (read: number, all: number) => `${read} of ${all} parts are read`,
  nothing: 'Nothing but the page itself.',
  audited: 'This viewing is in the audit log.',
  shown: 'What you see, and what you do not',
  shownText: [
    'The page is rebuilt from what its elements were, by a program that cannot run anything of it, load anything for it or let it reach this page. It is not a film and not a screenshot.',
    'What was typed was never recorded. Fields, and everything in editable parts of the page, hold *** whatever stood in them. Other text is stars unless this site records it in clear.',
    'Pictures, films and pages within the page are hatched boxes of their size. Styles that came from elsewhere and could not be read are missing.',
  ],
  gaps: 'What is missing',
  silence: (from: string, to: string) => `From ${from} to ${to} nothing was recorded; it is hatched on the timeline.`,
  lost: (path: string, count: number) => `Of ${path} ${count === 1 ? 'one part' : `${count} parts`} did not arrive.`,
  keys: 'Keys',
} as const;

/** Singular and plural. */
export const MARK_WORDS: Record<MarkKind, readonly [string, string]> = {
  page: ['page', 'pages'],
  click: ['click', 'clicks'],
  rage: ['rage click', 'rage clicks'],
  dead: ['dead click', 'dead clicks'],
  error: ['error', 'errors'],
  event: ['event', 'events'],
};

export const MARK_HELP: Record<MarkKind, string> = {
  page: 'A page was opened',
  click: 'A click',
  rage: 'Three or more clicks at one place within a second',
  dead: 'A click that nothing on the page answered within 2.5 seconds',
  error: 'A script of the page failed',
  event: 'The page counted an event',
};

export const KEYS: readonly (readonly [string, string])[] = [
  ['Space', 'Play or pause'],
  ['← →', '5 seconds back or on'],
  ['Shift ← →', '30 seconds back or on'],
  ['J L', '10 seconds back or on'],
  ['K', 'Play or pause'],
  ['0 – 9', 'To that tenth'],
  ['Esc', 'Back to the list'],
];
