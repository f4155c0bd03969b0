/** The words about the data-processing agreement. */
export const AGREEMENT = {
  title: 'Data-processing agreement',
  lead: 'Between this organization and whoever runs the server (GDPR, article 28). Sites that keep full network addresses need it: without it such an address is refused. Everything else works either way.',
  text: 'The text in force',
  version: (version: string) => `Version ${version}`,
  accepted: 'The organization accepted it.',
  notAccepted: 'The organization did not accept this version.',
  accept: 'Accept it',
  acceptTitle: (organization: string) => `Accept it for ${organization}?`,
  acceptText: 'That you did, when, and which version, is in the audit log.',
  done: 'Accepted.',
  onlyOwner: 'Only an owner accepts it.',
  acceptances: 'Who accepted which',
  none: 'No version was accepted yet.',
  inForce: 'in force',
  before: 'an earlier text',
  somebody: 'Somebody of the organization',
} as const;
