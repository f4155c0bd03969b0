/** What is said about who is here now. */
export const WORDS = {
  connecting: 'Connecting',
  live: 'Visitors with a page view in the last 5 minutes. Click to pause live updates.',
  lost: (since: string) => `Live updates lost${since ? ` since ${since}` : ''}; trying again`,
  paused: 'Live updates are paused. Click to go on.',
  current: 'current visitors',
  reconnecting: 'reconnecting',
  isPaused: 'paused',
  now: 'now',
  pause: ', pause live updates',
} as const;
