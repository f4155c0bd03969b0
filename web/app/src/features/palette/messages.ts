/** The words of the palette. */
export const WORDS = {
  title: 'Search and commands',
  placeholder: 'Search sites, periods, panels, actions',
  results: 'Results',
  none: 'Nothing is called that.',
} as const;
