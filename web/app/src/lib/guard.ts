/**
 * What every request passes through: an answer that wants the person to sign in again, or to confirm that it is they, is
 * held back while they are asked; then the same request is sent once more. Nothing is repeated that was not refused.
 */
import type { Send } from '@candor/api-client';

export interface Asks {
  /** Whether the sign-in still holds: a 401 may as well say that a code or a passkey was wrong. */
  isSignedIn: () => Promise<boolean>;
  /** Resolves with whether the person is signed in again. */
  signIn: () => Promise<boolean>;
  /** Resolves with whether they showed that it is they. */
  confirm: () => Promise<boolean>;
}

/** Here a 401 says that a proof was wrong, or that nobody is signed in, which is an answer and no interruption. */
const WITHOUT_SIGN_IN = /^\/api\/(setup|session|password|invitations\/(look|accept|passkey))(\/|$)/;

export function createGuard(send: Send, asks: Asks): Send {
  return async (request) => {
    const again = request.clone();
    const answer = await send(request);
    const path = new URL(request.url).pathname;
    if (answer.status === 401 && !WITHOUT_SIGN_IN.test(path) && !(await asks.isSignedIn())) {
      return (await asks.signIn()) ? createGuard(send, { ...asks, signIn: refuse })(again) : answer;
    }
    if (answer.status === 403 && (await wantsConfirmation(answer))) {
      return (await asks.confirm()) ? createGuard(send, { ...asks, confirm: refuse })(again) : answer;
    }
    return answer;
  };
}

/** Somebody is asked once per request; a second refusal is the answer. */
const refuse = () => Promise.resolve(false);

async function wantsConfirmation(answer: Response): Promise<boolean> {
  try {
    return (await answer.clone().json()).field === 'confirm';
  } catch {
    return false;
  }
}
