/**
 * The API around people, written down by hand in the shape of the generated schema. Once the server's own document
 * has these addresses, the generated types take this file's place and no call changes.
 */

import type { Paths, Schemas } from '@candor/api-client';
import type { Act, Done, Read } from './api-shape.ts';

export type Role = 'owner' | 'admin' | 'organization_viewer' | 'site_viewer';
export type Scope = 'read' | 'write' | 'manage' | 'export' | 'audit';
export type Factor = 'totp' | 'passkey' | 'recovery_code';

export interface Organization {
  id: number;
  name: string;
  require_second_factor?: boolean;
}
export interface PersonName {
  id: string;
  email: string;
  name?: string | null;
}
export interface Membership {
  organization: Organization;
  role: Role;
  /** The sites of a site viewer; all of them where there is no list. */
  sites?: string[] | null;
  /** What the permission table allows here, as `verb:object`. */
  may: string[];
  /** Whether all of it is closed because it requires a second factor that this sign-in did not show. */
  lacks_second_factor?: boolean;
  /** Owners whom somebody let in from the shell of the server lately. */
  break_glass?: { person: string; at: string }[];
}
export interface SignedIn {
  person: PersonName;
  second_factor: boolean;
  confirmed_at: string;
  memberships: Membership[];
}
export type SignInAnswer = { signed_in: true } | { signed_in: false; ticket: string; second_factors: Factor[] };

export interface PasskeyChallenge {
  id: string;
  options: unknown;
}
export interface PasskeyProof {
  id: string;
  credential: unknown;
}
/** How somebody shows that it is they: exactly one of these. */
export type Proof = { password: string } | { totp: string } | { passkey: PasskeyProof };
export type FactorProof = { totp: string } | { recovery_code: string } | { passkey: PasskeyProof };
export type FirstProof = { password: string } | { passkey: PasskeyProof };

export interface SetUp {
  person: PersonName;
  organization: Organization;
  recovery_codes: string[];
}
export interface InvitationLook {
  organization: Organization;
  role: Role;
  sites?: string[] | null;
  email: string;
}
export interface PersonLine extends PersonName {
  role: Role;
  sites?: string[] | null;
  second_factor: boolean;
  disabled: boolean;
  last_seen?: string | null;
}
export interface Invitation {
  id: string;
  email: string;
  role: Role;
  sites?: string[] | null;
  expires_at: string;
}
export interface InvitationMade extends Invitation {
  url: string;
  /** Whether it is on its way by mail too. */
  mailed?: boolean;
}
export interface Key {
  id: string;
  name?: string | null;
  site?: string | null;
  scopes: Scope[];
  created_at?: string;
  expires_at?: string | null;
  last_used?: string | null;
  /** Who made it. */
  made_by?: string;
}
export interface NewKey {
  organization?: number;
  site?: string;
  name?: string;
  scopes: Scope[];
  expires_in_days?: number;
}
/** To be kept by whoever had none; none where there were some already. */
export interface Codes {
  recovery_codes: string[];
}
export interface Passkey {
  id: string;
  name: string;
  created_at: string;
  last_used_at?: string | null;
}
export interface Security {
  password: boolean;
  totp: boolean;
  passkeys: Passkey[];
  recovery_codes_left: number;
}
export interface Device {
  id: string;
  current: boolean;
  agent: string;
  network: string;
  created_at: string;
  last_seen_at: string;
}
export interface AuditParty {
  kind: string;
  id: string | number;
  name?: string | null;
}
export interface AuditEntry {
  number: number;
  /** An instant, or milliseconds since 1970. */
  at: string | number;
  actor: AuditParty;
  network?: string | null;
  act: string;
  object?: AuditParty | null;
  details?: Record<string, unknown> | null;
}
export interface AuditPage {
  entries: AuditEntry[];
  size: number;
  earlier: boolean;
}
export type GrantState = 'pending' | 'active' | 'declined' | 'ended' | 'expired';
export interface SupportGrant {
  id: string;
  operator: string;
  organization?: number | string;
  site: string;
  purpose: string;
  ticket: string;
  fields: string[];
  minutes: number;
  state: GrantState;
  asked_at: string;
  approved_at?: string | null;
  expires_at?: string | null;
  ended_at?: string | null;
}

interface OfOrganization {
  organization?: number;
}
interface OfId {
  id: string;
}

export interface PeoplePaths {
  '/api/sites': {
    get: Paths['/api/sites']['get'];
    post: Act<Schemas['Site'], Schemas['NewSite'] & OfOrganization>;
  };
  '/api/sites/{domain}': {
    get: Paths['/api/sites/{domain}']['get'];
    patch: Paths['/api/sites/{domain}']['patch'];
    delete: Act<Done, { confirm: string }, never, { domain: string }>;
  };
  '/api/setup': {
    get: Read<{ needed: boolean }>;
    post: Act<SetUp, { token: string; email: string; organization: string; name?: string } & FirstProof>;
  };
  '/api/setup/passkey': { post: Act<PasskeyChallenge, { token: string; email: string }> };
  '/api/session': {
    get: Read<SignedIn>;
    post: Act<SignInAnswer, { email: string; password: string }>;
    delete: Act<Done>;
  };
  '/api/session/second-factor': { post: Act<SignInAnswer, { ticket: string } & FactorProof> };
  '/api/session/second-factor/passkey': { post: Act<PasskeyChallenge, { ticket: string }> };
  '/api/session/passkey/options': { post: Act<PasskeyChallenge, object> };
  '/api/session/passkey': { post: Act<SignInAnswer, PasskeyProof> };
  '/api/session/one-time': { post: Act<SignInAnswer, { token: string }> };
  '/api/session/confirm': { post: Act<Done, Proof> };
  '/api/session/confirm/passkey': { post: Act<PasskeyChallenge, object> };
  '/api/session/link': { post: Act<{ url: string }, object> };
  '/api/password/reset': { post: Act<Done, { email: string }> };
  '/api/password': { post: Act<Done, { token: string; password: string }> };
  '/api/invitations/look': { post: Act<InvitationLook, { token: string }> };
  '/api/invitations/accept': {
    post: Act<{ person: PersonName; organization: Organization }, { token: string; name?: string } & Partial<FirstProof>>;
  };
  '/api/invitations/passkey': { post: Act<PasskeyChallenge, { token: string }> };
  '/api/organizations/{id}': {
    patch: Act<Organization, { name?: string; require_second_factor?: boolean }, never, { id: number }>;
  };
  '/api/people': { get: Read<{ people: PersonLine[] }, OfOrganization> };
  '/api/people/{id}': {
    patch: Act<PersonLine, OfOrganization & { role?: Role; sites?: string[]; disabled?: boolean }, never, OfId>;
    delete: Act<Done, never, OfOrganization, OfId>;
  };
  '/api/people/{id}/reset-link': { post: Act<{ url: string }, OfOrganization, never, OfId> };
  '/api/invitations': {
    get: Read<{ invitations: Invitation[] }, OfOrganization>;
    post: Act<InvitationMade, OfOrganization & { email: string; role: Role; sites?: string[] }>;
  };
  '/api/invitations/{id}': { delete: Act<Done, never, never, OfId> };
  '/api/keys': { get: Read<{ keys: Key[] }, OfOrganization>; post: Act<Key & { key: string }, NewKey> };
  '/api/keys/{id}': { delete: Act<Done, never, OfOrganization, OfId> };
  '/api/me': { patch: Act<PersonName, { name?: string; email?: string }> };
  '/api/me/security': { get: Read<Security> };
  '/api/me/password': { put: Act<Done, { password: string }> };
  '/api/me/totp': {
    post: Act<{ secret: string; uri: string }, object>;
    put: Act<Codes, { code: string }>;
    delete: Act<Done>;
  };
  '/api/me/passkeys/options': { post: Act<PasskeyChallenge, object> };
  '/api/me/passkeys': { post: Act<Codes, PasskeyProof & { name: string }> };
  '/api/me/passkeys/{id}': { delete: Act<Done, never, never, OfId> };
  '/api/me/recovery-codes': { post: Act<Codes, object> };
  '/api/me/devices': { get: Read<{ devices: Device[] }>; delete: Act<Done> };
  '/api/me/devices/{id}': { delete: Act<Done, never, never, OfId> };
  '/api/audit': {
    get: Read<AuditPage, OfOrganization & { before?: number; actor?: string; act?: string; limit?: number }>;
  };
  '/api/audit/export': { get: Read<Blob, OfOrganization> };
  '/api/audit/checkpoint': { get: Read<string, OfOrganization> };
  '/api/support-grants': { get: Read<{ grants: SupportGrant[] }, OfOrganization> };
  '/api/support-grants/{id}/approve': { post: Act<Done, object, never, OfId> };
  '/api/support-grants/{id}/decline': { post: Act<Done, object, never, OfId> };
  '/api/support-grants/{id}/end': { post: Act<Done, object, never, OfId> };
}
