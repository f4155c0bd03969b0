/** What the signed-in person may do in an organization, as the server's one permission table said. Nothing is decided here. */
import type { Site } from './api.ts';
import type { Membership, Role } from './people-schema.ts';

type Verb = 'see' | 'add' | 'change' | 'remove' | 'export';
type Object =
  | 'organization'
  | 'audit_log'
  | 'people'
  | 'keys'
  | 'support_grants'
  | 'site'
  | 'events'
  | 'recordings'
  | 'attributes';
export type Right = `${Verb}:${Object}`;

export const may = (membership: Membership | undefined, right: Right): boolean => membership?.may.includes(right) ?? false;

/** Whether the person sees recordings of a site: viewers do where the site says so. */
export const maySeeRecordings = (membership: Membership | undefined, { settings }: Site): boolean =>
  may(membership, 'see:recordings') || (may(membership, 'see:events') && (settings.recording?.shown_to_viewers ?? false));

/** Whether the person sees who visitors are: the same viewers do as see recordings. */
export const maySeeVisitors = (membership: Membership | undefined, { settings }: Site): boolean =>
  may(membership, 'see:attributes') || (may(membership, 'see:events') && (settings.recording?.shown_to_viewers ?? false));

/** Whether the person answers to visitors: their requests, consents and erasures are nobody else's. */
export const mayAnswer = (membership: Membership | undefined): boolean => may(membership, 'change:attributes');

/** Whether all of the organization is closed until the person has a second factor. */
export const lacksFactor = (membership: Membership): boolean => membership.lacks_second_factor ?? false;

/** Which roles the person may give and take: nobody gives more than they have. The server decides again. */
export function grantable(membership: Membership | undefined): Role[] {
  if (!may(membership, 'change:people')) return [];
  const below: Role[] = ['admin', 'organization_viewer', 'site_viewer'];
  return membership?.role === 'owner' ? ['owner', ...below] : below;
}
