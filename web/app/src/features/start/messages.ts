/** The words of the first steps. */
export const WORDS = {
  title: 'First steps',
  progress: (done: number, all: number) => `${done} of ${all} done`,
  hide: 'Hide',
  site: 'Add a site',
  event: 'Receive its first event',
  factor: 'Protect your sign-in with a second factor',
  people: 'Invite somebody you work with',
  done: 'done',
} as const;
