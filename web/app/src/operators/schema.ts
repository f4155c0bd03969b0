/** The operators' API, written down by hand in the shape of the generated schema. It has a listener and a document of its own. */

import type { Schemas } from '@candor/api-client';
import type { Health } from '../lib/api.ts';
import type { Act, Done, Read } from '../lib/api-shape.ts';
import type { SupportGrant } from '../lib/people-schema.ts';
import type { AppSecretProps } from '../ui/app-secret.tsx';
import type { ViewQuestion } from './view-questions.ts';

/** Something that is promised to be done again and again, and how that went. */
export interface Duty {
  name: string;
  late: boolean;
  due_at?: string | null;
  last_ok?: string | null;
  last_try?: string | null;
  error?: string | null;
}

export interface OperatorSession {
  operator: string;
  ends_at?: string;
  /** Whether there is only one operator, so that nobody else need approve. */
  solo?: boolean;
}
/** How far signing in came. */
export interface OperatorSignIn {
  signed_in: boolean;
  /** The first time: the secret of an app for codes, of which a code is wanted. */
  enrol?: AppSecretProps;
}
export interface OrganizationSize {
  id: number;
  name: string;
  sites: number;
  people: number;
  /** Bytes at rest. */
  bytes: number;
  created_at: string;
  /** Since when its subscription has ended, if it has, and when everything of it is removed then. */
  ended_at?: string | null;
  removed_at?: string | null;
  /** How many days were left when its owners were last written to. */
  told_days?: number | null;
  /** Whether they are written to: without a mail server somebody has to tell them. */
  told_by_mail: boolean;
}
/** A backup that is in the target. */
export interface BackupLine {
  backup: string;
  made_at: string;
  bytes: number;
}
/** Something that lies on the server, and what becomes of it in backups. */
export interface BackupPlace {
  path: string;
  becomes: 'kept' | 'of_recordings' | 'of_keys' | 'left_out';
  /** Why it is left out. */
  why?: string;
}
export interface BackupContents {
  state: Health['backups'];
  last_backup?: string | null;
  last_drill?: string | null;
  sites: number;
  /** Of how many recordings are in backups. */
  sites_with_recordings: number;
  places: BackupPlace[];
}
/** Absent where it is still being made. */
export type BackupMade = { backup: string; bytes: number; sent: number } | Done;
/** Which there are, or that another operator has to approve it. */
export type BackupsShown = { backups: BackupLine[] } | Waits;
interface Waits {
  approval: { id: string };
}
export interface Approval {
  id: string;
  act: string;
  object: string;
  /** Of an operator to be enrolled: the public key, and from where they may act. */
  key?: string | null;
  networks?: string[] | null;
  asked_by: string;
  asked_at: string;
}
export interface OperatorLine {
  name: string;
  /** The fingerprint of the SSH key. */
  key: string;
  networks: string[];
  second_factor: boolean;
  last_seen?: string | null;
}
interface OfId {
  id: string;
}
/** An answer of the masked view: numbers in the order of the measures, nothing where nothing is told. */
export interface MaskedAnswer {
  results: { dimensions: string[]; metrics: (number | null)[] }[];
  /** How many rows of fewer than five visitors there were. */
  left_out: number;
}
export interface NewGrant {
  organization: number;
  site: string;
  purpose: string;
  ticket: string;
  fields: string[];
  minutes: number;
  days: number;
}

export interface OperatorPaths {
  '/api/operator/session/challenge': { post: Act<{ challenge: string }, { operator: string }> };
  '/api/operator/session': {
    get: Read<OperatorSession>;
    post: Act<OperatorSignIn, { challenge: string; signature: string; totp?: string }>;
    delete: Act<Done>;
  };
  '/api/operator/organizations': {
    get: Read<{ organizations: OrganizationSize[] }>;
    post: Act<{ id: number; name: string; url?: string }, { name: string; owner_email: string }>;
  };
  '/api/operator/organizations/{id}': { delete: Act<{ approval?: { id: string } } | Done, never, never, { id: number }> };
  '/api/operator/approvals': { get: Read<{ approvals: Approval[] }> };
  '/api/operator/organizations/{id}/subscription': {
    put: Act<{ ended_at?: string | null }, { ended: boolean }, never, { id: number }>;
  };
  '/api/operator/backups': { get: Read<BackupContents>; post: Act<BackupMade> };
  '/api/operator/backups/list': { post: Act<BackupsShown> };
  '/api/operator/audit': { get: Read<Schemas['AuditPage'], { act?: string; limit?: number }> };
  '/api/operator/approvals/{id}/approve': { post: Act<{ backups?: BackupLine[] } | Done, object, never, OfId> };
  '/api/operator/approvals/{id}/decline': { post: Act<Done, object, never, OfId> };
  '/api/operator/health': { get: Read<Health & { version?: string; duties?: Duty[] }> };
  '/api/operator/support-grants': { get: Read<{ grants: SupportGrant[] }>; post: Act<SupportGrant, NewGrant> };
  '/api/operator/support-grants/{id}/query': { post: Act<MaskedAnswer, ViewQuestion, never, OfId> };
  '/api/operator/support-grants/{id}/end': { post: Act<Done, object, never, OfId> };
  '/api/operator/operators': {
    get: Read<{ operators: OperatorLine[] }>;
    post: Act<OperatorLine | { approval: { id: string } }, { name: string; key: string; networks: string[] }>;
  };
}
