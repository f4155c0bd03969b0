/** The words about an organization's subscription. */
const some = (count: number) => (count === 1 ? 'one day' : `${count} days`);

export const SUBSCRIPTION = {
  goesOn: 'The subscription goes on.',
  ended: (when: string) => `The subscription ended on ${when}.`,
  left: (days: number, when: string) => `Everything is removed on ${when}, in ${some(days)}.`,
  over: 'Its time is over: everything is being removed.',
  told: (days: number) => `Its owners were last told when ${some(days)} ${days === 1 ? 'was' : 'were'} left.`,
  notTold: 'Its owners were not told yet.',
  tellThem: 'No mail server is set up: tell its owners yourself.',
  end: 'Say that it ended',
  endOf: (name: string) => `Say that it ended: the subscription of ${name}`,
  endTitle: (name: string) => `Has the subscription of ${name} ended?`,
  endText: (byMail: boolean) =>
    `From now on nothing more of it is counted. Its people can read and take out everything for 60 days. ${
      byMail
        ? 'Its owners are written to 60, 30, 7 and 1 days before the end.'
        : 'No mail server is set up: tell its owners yourself.'
    } Then everything is removed. No operator makes that time shorter.`,
  action: 'It has ended',
  endDone: 'Said. Nothing more of it is counted.',
  resume: 'Say that it goes on',
  resumeOf: (name: string) => `Say that it goes on: the subscription of ${name}`,
  resumeDone: 'It goes on, and everything counts again.',
} as const;
