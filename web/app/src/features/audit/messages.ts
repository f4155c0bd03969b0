/** The words of the audit log: its closed set of acts, as sentences that follow who did it. */

export const ACTS: Record<string, string> = {
  setup: 'became the first owner',
  sign_in: 'signed in',
  sign_in_refused: 'was refused at the sign-in',
  sign_out: 'signed out',
  confirm: 'confirmed who they are',
  sign_in_link: 'made an address that signs in another device',
  device_end: 'ended a device’s sign-in',
  password_change: 'changed the password',
  second_factor_add: 'added a second factor',
  second_factor_remove: 'took a second factor away',
  recovery_codes: 'made new recovery codes',
  recovery_code_use: 'used a recovery code',
  reset_link: 'asked for a reset link',
  reset: 'set a new password by a reset link',
  break_glass: 'let an owner in again from the server’s shell',
  profile_change: 'changed their name',
  email_change: 'changed their e-mail address',
  organization_add: 'added an organization',
  organization_change: 'changed the organization',
  organization_remove: 'removed an organization',
  invite: 'invited somebody',
  invitation_end: 'took an invitation back',
  invitation_accept: 'accepted an invitation',
  role_change: 'changed a role',
  person_disable: 'disabled a person',
  person_enable: 'enabled a person',
  person_remove: 'removed a person',
  person_erase: 'erased a person',
  key_make: 'made an API key',
  key_end: 'revoked an API key',
  site_add: 'added a site',
  site_change: 'changed a site’s settings',
  site_remove: 'removed a site',
  export: 'took all events out',
  import: 'took past events in',
  audit_export: 'took the audit log out',
  support_ask: 'asked for a support grant',
  support_approve: 'approved a support grant',
  support_decline: 'declined a support grant',
  support_end: 'ended a support grant',
  support_view: 'looked at a site by a support grant',
  operator_enrol: 'enrolled an operator',
  operator_remove: 'removed an operator',
  approval_ask: 'asked a second operator',
  approve: 'approved what an operator asked for',
  turn_away: 'came where only others may and was turned away',
  block: 'kept a network out',
  block_end: 'let a network in again',
  keys_rotate: 'made newer keys',
  keys_rewrap: 'wrapped keys anew',
  keys_destroy: 'destroyed keys',
  server_change: 'changed a setting of the server',
  migrate: 'raised the format of what is stored',
  deploy: 'started another version',
  recording_view: 'looked at a recording',
  heatmap_view: 'looked at a heatmap',
  recording_remove: 'removed a recording',
  recording_refuse: 'refused a recording that held something in a form',
  visitor_request_make: 'asked about what is kept of them',
  visitor_request_answer: 'answered a visitor',
  visitor_merge: 'said that two ids are one visitor',
  visitor_unmerge: 'said that two ids are two visitors again',
  visitor_restrict: 'took a visitor out of all reports',
  visitor_unrestrict: 'let a visitor be in reports again',
  erasure_preview: 'looked what erasing a visitor would take out',
  visitor_erase: 'asked for a visitor to be erased',
  visitor_erased: 'erased a visitor',
  erasure_check: 'looked whether the receipt of an erasure is still true',
  visitor_view: 'looked at what a visitor is',
  visitor_change: 'corrected what a visitor is',
  consent_add: "wrote a visitor's consent down",
  consent_withdraw: "withdrew a visitor's consent",
  agreement_accept: 'accepted the data-processing agreement',
  backup_make: 'made a backup',
  backup_ask: 'asked for a backup to be made now',
  backup_list: 'looked which backups there are',
  backup_drill: 'tried a backup to see that it can be restored',
  backup_restore: 'restored a backup',
  subscription_end: 'said that the subscription has ended',
  subscription_resume: 'said that the subscription goes on',
  ledger_add: 'wrote a payment or an invoice into the ledger',
  subscription_warn: 'told the owners when everything will be removed',
  visitor_access: 'took out everything that is kept of a visitor',
  objection_add: 'wrote down that a visitor objects',
  objection_end: 'let a visitor be measured again',
};

export const describeAct = (act: string) => (Object.hasOwn(ACTS, act) ? ACTS[act]! : act.replaceAll('_', ' '));

interface Party {
  kind: string;
  id: string | number;
  name?: string | null;
}

const ACTORS: Record<string, string> = {
  nobody: 'Somebody not signed in',
  system: 'The server',
  key: 'API key',
  operator: 'Operator',
};

export function nameActor({ kind, id, name }: Party): string {
  if (kind === 'person') return name || `Person ${id}`;
  const word = ACTORS[kind] ?? kind;
  return kind === 'nobody' || kind === 'system' ? word : `${word} ${name || id}`;
}

export const nameObject = ({ kind, id, name }: Party): string =>
  name || `${kind.replaceAll('_', ' ')}${id === '' ? '' : ` ${id}`}`;

export const WORDS = {
  lead: 'Who did what, to what, from where. Entries can be added and never changed: each is a leaf of a tree whose root is signed.',
  who: 'Who',
  everybody: 'Everybody',
  act: 'What',
  anything: 'Anything',
  entries: 'Entries',
  none: 'No entry is like that.',
  empty: 'Nothing has happened yet.',
  size: (count: string) => `${count} entries in all`,
  earlier: 'Load earlier ones',
  loading: 'Loading …',
  from: 'from',
  digest: 'not kept, digest',
  interrupted: 'interrupted: whether it was done is not known',
  number: (count: number) => `Entry ${count}`,
  export: 'Export',
  exporting: 'Exporting …',
  verify: 'Verify it yourself',
  verifyLead:
    'Whoever has the exported file can check, without this server, that no entry was changed, removed or moved. Keep a checkpoint somewhere else, such as in a mail to another owner: it shows later that the log still begins as it did today.',
  checkpoint: 'Checkpoint of now',
  showCheckpoint: 'Show the checkpoint of now',
  keep: 'Save as a file',
  steps: 'Take the log out and check it against checkpoints that were kept',
} as const;

export const verifyCommands = (organization: number) =>
  `candor audit export --organization ${organization} --output audit.jsonl\ncandor audit verify audit.jsonl --checkpoint checkpoint.txt`;
