/** Signing out. The page is left as a whole, so that nothing of what was shown stays in its memory. */
import { client, expectData } from './api.ts';
import { sayTrouble } from './say.ts';

export async function signOut(): Promise<void> {
  try {
    await expectData(client.DELETE('/api/session'));
    location.assign('/sign-in');
  } catch (error) {
    sayTrouble(error as Error);
  }
}
