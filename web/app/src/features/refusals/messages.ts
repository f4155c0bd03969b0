/** What is said about events that are in no report. */
export const WORDS = {
  period: 'Period',
  lastDays: (days: number) => `Last ${days} days`,
  setAside: {
    title: 'Set aside',
    lead: 'Suspected bots. Their events are kept, but no report counts them.',
    none: 'No bot was noticed.',
  },
  refused: { title: 'Refused', lead: 'Not kept at all. Only how often it happened is known.', none: 'Nothing was refused.' },
  unknownSite: (count: number) =>
    `${count === 1 ? 'event' : 'events'} came to this server for domains it does not know, whichever site was meant.`,
  columns: { reason: 'Reason', last: 'Last', events: 'Events' },
} as const;
