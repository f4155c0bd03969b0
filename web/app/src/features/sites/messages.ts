/** The words around sites. */
export const WORDS = {
  sites: 'Sites',
  all: 'All sites',
  addFirst: 'Add your first site',
  add: 'Add a site',
  organization: 'Organization',
  none: 'No site is shared with you yet',
  noneLead: 'An owner or admin of your organization can name sites for you.',
  lacking: 'A second factor is wanted',
  lackingLead: (name: string) =>
    `${name} requires one, and you signed in without. Set one up under My security, then sign in with it.`,
  security: 'My security',
  domain: 'Domain',
  example: 'example.com',
  domainHelp: 'Without https:// and without www. Subdomains count into it when their pages carry its snippet.',
  zoneHelp: 'Days of the reports begin at midnight here.',
  submit: 'Add the site',
  submitting: 'Adding …',
} as const;
