/** The words about an organization. */
export const WORDS = {
  name: 'Name',
  nameHelp: 'Shown to its people and in invitations.',
  save: 'Save',
  saved: 'Saved.',
  onlyOwner: 'Only an owner changes this.',
  security: 'Second factors',
  require: 'Require a second factor',
  requireHelp: 'Whoever signs in without one sees nothing of this organization until they set one up.',
  required: 'Every sign-in now needs a second factor.',
  optional: 'Second factors are each person’s choice now.',
  out: (count: number) => (count === 1 ? 'One person has no second factor' : `${count} people have no second factor`),
  outLead: 'They would see nothing here until they set one up under My security:',
  outSelf: 'You are one of them: set yours up first.',
  allSet: 'Everybody here has a second factor: nobody would be locked out.',
} as const;
