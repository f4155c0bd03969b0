/** The words of the account menu. */
export const WORDS = {
  account: (name: string) => `account of ${name}`,
  organizations: 'Organization',
  settings: 'People and organization',
  security: 'My security',
  signOut: 'Sign out',
} as const;
