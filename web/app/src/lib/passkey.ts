/** Passkeys, between the JSON of the API and the objects of the browser. */
import type { PasskeyChallenge, PasskeyProof } from './people-schema.ts';

/** Whether this browser knows passkeys and their JSON; all have since the spring of 2025. */
export const hasPasskeys = () => typeof globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON === 'function';

/** Servers wrap the options in `publicKey` as the browser wants them, or do not. */
const unwrap = (options: unknown) => ((options as { publicKey?: unknown }).publicKey ?? options) as never;

export async function createPasskey({ id, options }: PasskeyChallenge): Promise<PasskeyProof> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(unwrap(options));
  return prove(id, await navigator.credentials.create({ publicKey }));
}

/** With `mediation` conditional the browser offers passkeys in the e-mail field and waits until one is chosen. */
export async function getPasskey(
  { id, options }: PasskeyChallenge,
  wait?: { mediation: CredentialMediationRequirement; signal: AbortSignal },
): Promise<PasskeyProof> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(unwrap(options));
  return prove(id, await navigator.credentials.get({ publicKey, ...wait }));
}

function prove(id: string, credential: Credential | null): PasskeyProof {
  if (!credential) throw new Error('The browser gave no passkey.');
  return { id, credential: (credential as PublicKeyCredential).toJSON() };
}

/** A passkey dialog that was closed is no failure to report; anything else is, in words of people. */
export function describePasskeyTrouble(error: unknown): string | undefined {
  if (!(error instanceof DOMException)) return error instanceof Error ? error.message : String(error);
  if (error.name === 'AbortError') return undefined;
  if (error.name === 'NotAllowedError') return 'No passkey was used: the browser’s question was closed or ran out of time.';
  if (error.name === 'InvalidStateError') return 'This device already holds a passkey of yours.';
  if (error.name === 'SecurityError') return 'Passkeys need this server to be reached by https or as localhost.';
  return error.message;
}
