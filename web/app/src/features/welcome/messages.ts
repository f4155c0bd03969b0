/** What a site without events says. */
export const WORDS = {
  waiting: 'Waiting for the first event',
  arrived: 'The first event has arrived',
  arrivedPage: (page: string) => `Someone read ${page}`,
  arrivedEvent: 'It works',
  follows: 'From here on the dashboard follows along by itself.',
  open: 'Open the dashboard',
  title: (domain: string) => `Put this on ${domain}`,
  where: ['In the', '<head>', 'of every page. Then open one of them in a browser; this screen notices by itself.'],
  settings: ['The snippet carries', 'this site’s settings'],
  heardLabel: 'Events that were not taken',
  heard: 'Something came in, but was not taken',
} as const;
