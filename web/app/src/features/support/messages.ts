/** The words about operators who were asked in, or ask to be. */
import type { GrantState } from '../../lib/people-schema.ts';

export const WORDS = {
  lead: 'Those who run this server see no data. For a problem they may ask to see some of it: masked, for one purpose, for a while. An owner decides each time, and either side can end it.',
  open: 'Now',
  noneOpen: 'No operator sees anything, and none asks to.',
  history: 'Before',
  noHistory: 'Nothing was ever asked for.',
  purpose: 'Purpose',
  ticket: 'Ticket',
  site: 'Site',
  fields: 'Fields',
  looksBack: 'Looks back',
  days: (count: number) => (count === 1 ? 'one day' : `${count} days`),
  time: 'Time',
  minutes: (count: number) => `${count} minutes from the approval`,
  until: (clock: string) => `until ${clock}`,
  asked: (when: string) => `asked ${when}`,
  approve: 'Approve for this one use',
  approveTitle: (operator: string) => `Let ${operator} in?`,
  approveText: (site: string, minutes: number) =>
    `They will see the fields named here, of ${site}, masked, for ${minutes} minutes. You see it on every screen while it lasts, and all of it is in the audit log.`,
  approved: 'Approved.',
  decline: 'Decline',
  declined: 'Declined.',
  end: 'End it now',
  ended: 'Ended: the operator sees nothing any more.',
  onlyOwner: 'An owner decides.',
} as const;

export const STATES: Record<GrantState, string> = {
  pending: 'asks',
  active: 'can see it now',
  declined: 'declined',
  ended: 'ended',
  expired: 'ran out',
};
