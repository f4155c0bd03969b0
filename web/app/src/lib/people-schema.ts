/**
 * People and what they may, by the names the UI has for them. Their shapes are the server's own, from its generated document; only
 * the closed sets of words that it calls text are written down here.
 */

import type { Paths, Schemas } from '@candor/api-client';

export type Role = 'owner' | 'admin' | 'organization_viewer' | 'site_viewer';
export type Scope = 'read' | 'write' | 'manage' | 'export' | 'audit';
export type GrantState = 'pending' | 'active' | 'declined' | 'ended' | 'expired';
export type Factor = 'totp' | 'passkey' | 'recovery_code';

/** Signed in, or what is still wanted. */
export type SignInAnswer = { signed_in: true } | { signed_in: false; ticket: string; second_factors: Factor[] };

interface Words {
  role: Role;
  scopes: Scope[];
  second_factors: Factor[];
  state: GrantState;
  /** What a browser's passkeys are asked and answer, which is nobody else's to read. */
  options: unknown;
  credential: unknown;
}
/** The same shape with the words in it, however deep. */
type Worded<T> = T extends readonly (infer Each)[]
  ? Worded<Each>[]
  : T extends Schemas['SignInState']
    ? SignInAnswer
    : T extends object
      ? { [K in keyof T]: K extends keyof Words ? (T[K] extends undefined ? T[K] : Words[K]) : Worded<T[K]> }
      : T;
type Of<Name extends keyof Schemas> = Worded<Schemas[Name]>;

export type Organization = Schemas['OrganizationShown'];
export type PersonName = Schemas['PersonShown'];
export type Membership = Of<'MembershipShown'>;
export type SignedIn = Of<'Session'>;

export type PasskeyChallenge = Of<'PasskeyOptions'>;
export type PasskeyProof = Of<'Shown'>;
/** How somebody shows that it is they: exactly one of these. */
export type Proof = { password: string } | { totp: string } | { passkey: PasskeyProof };
export type FactorProof = { totp: string } | { recovery_code: string } | { passkey: PasskeyProof };
export type FirstProof = { password: string } | { passkey: PasskeyProof };

export type InvitationLook = Of<'InvitationSeen'>;
export type PersonLine = Of<'MemberShown'>;
export type Invitation = Of<'InvitationShown'>;
export type InvitationMade = Of<'InvitationMade'>;
export type Key = Of<'KeyShown'>;
export type KeyMade = Of<'KeyMade'>;
export type Passkey = Schemas['PasskeyShown'];
export type Security = Schemas['MySecurity'];
export type Device = Schemas['DeviceShown'];
export type AuditParty = Schemas['Named'];
export type AuditEntry = Schemas['EntryShown'];

export type SupportGrant = Of<'GrantShown'>;

/** Every operation of the server. */
export type AllPaths = Worded<Paths>;
