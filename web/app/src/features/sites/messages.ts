/** The words around sites. */
export const WORDS = {
  sites: 'Sites',
  addFirst: 'Add your first site',
  add: 'Add a site',
  domain: 'Domain',
  example: 'example.com',
  domainHelp: 'Without https:// and without www. Subdomains count into it when their pages carry its snippet.',
  zoneHelp: 'Days of the reports begin at midnight here.',
  submit: 'Add the site',
  submitting: 'Adding …',
} as const;
