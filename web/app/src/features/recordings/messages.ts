/** The words of the list of recordings. */
export const WORDS = {
  title: 'Recordings',
  list: 'Recordings, the latest first',
  columns: { when: 'When', length: 'Length', pages: 'Pages', clicks: 'Clicks', visitor: 'Visitor' },
  pages: (count: number) => `${count} ${count === 1 ? 'page' : 'pages'}`,
  clicks: (count: number) => `${count} ${count === 1 ? 'click' : 'clicks'}`,
  gaps: 'Parts of it did not arrive',
  earlier: 'Show earlier ones',
  loading: 'Loading …',
  offTitle: 'This site records nothing',
  offText:
    'A recording shows how a visit went: what was seen, pressed and scrolled. What was typed is never in it. Nothing is recorded until it is switched on in the settings of the site.',
  settings: 'Site settings',
  none: (period: string) => `Nothing was recorded in ${period}.`,
  noneYet: 'A visit is here about a minute after it began.',
  ofRow: (name: string) => `Recordings with ${name}`,
  ofVisitor: 'Recordings of this visitor',
  oneVisitor: 'Of one visitor alone.',
  everybody: 'Show those of everybody',
  known: 'What is known of them',
  removeAll: 'Remove all of this visitor',
  removeAllTitle: 'Remove all recordings of this visitor?',
  removeAllText:
    'All that were ever made of them on this site are erased, those outside of this period as well, and nobody can bring them back. The visits’ events stay in the reports.',
  removedAll: (count: number) =>
    count === 0
      ? 'There were no recordings of this visitor any more.'
      : `${count} ${count === 1 ? 'recording is' : 'recordings are'} removed.`,
  noneOfVisitor: 'There is no recording of this visitor in this period.',
  noneFiltered: 'No recording of this period fits the filters.',
  noneSoFar: 'None of the latest recordings fits the filters.',
  clear: 'Clear the filters',
  refusedTitle: 'You may not see recordings of this site',
  refusedText: 'An owner or admin can let viewers see them, in the settings of the site.',
  oldKept: (error: string) => `${error} Showing what was known before.`,
  alarm: 'What a page sent was refused.',
  alarmText: (last: string) =>
    `A place for typing held something else than the mask, last on ${last}. Nothing of it was kept, and recording stopped on that page. Either somebody tampers, or the recorder has a fault: please report it.`,
  audited: 'Every viewing of a recording is in the audit log.',
} as const;
