/** What the settings of recordings mean, in plain words. */
export const RECORDING = {
  title: 'Recordings',
  lead: 'A recording shows how a visit went: what was seen, pressed and scrolled. What somebody typed is never in it, whatever is set here; consent and GPC hold for recordings as for everything else.',
  on: {
    label: 'Record visits',
    help: 'The snippet below changes with it; renew it on your pages. Switched off, nothing more is recorded at once.',
  },
  text: 'Text of your pages',
  starred: {
    label: 'Starred',
    text: 'A star for each letter. The layout is seen, the words are not. Right wherever a page shows what belongs to somebody.',
  },
  clear: {
    label: 'Clear',
    text: 'Text outside of fields is seen as the visitor saw it: names, orders and messages too, if your pages show them. Mark those with data-candor-mask. Fields stay masked.',
  },
  sample: 'Of a hundred visits',
  sampleHelp: 'Record this many; which ones is chance.',
  retention: 'Kept for',
  retentionHelp: 'After that they are erased, and with a visitor who is erased at once.',
  days: (days: number) => (days === 1 ? '1 day' : `${days} days`),
  visits: (share: number) => (share === 100 ? 'All of them' : `${share}`),
  viewers: {
    label: 'Viewers may see them',
    help: 'Otherwise owners and admins alone. Every viewing is in the audit log either way.',
  },
  backups: {
    label: 'In backups',
    help: 'Recordings are large, and usually not worth restoring. This counts from the next backup on.',
  },
} as const;

export const SAMPLES = [1, 2, 5, 10, 25, 50, 100] as const;
export const RETENTIONS = [7, 14, 30, 60, 90, 180, 365] as const;
