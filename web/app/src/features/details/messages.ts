/** The words of the details. */
export const WORDS = {
  search: 'Search',
  searchFor: (plural: string) => `Search ${plural.toLowerCase()}`,
  before: 'Page before',
  next: 'Next page',
  of: 'of',
  none: 'Nothing matches.',
  unknown: 'Not known',
} as const;
