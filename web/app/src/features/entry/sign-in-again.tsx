/**
 * Over a screen whose sign-in ended: the same form, for the same person. The screen beneath stays as it is but is not shown,
 * so that nothing typed is lost and nothing is read by whoever comes by.
 */
import { useQueryClient } from '@tanstack/react-query';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { client, expectData } from '../../lib/api.ts';
import { sessionQuery } from '../../lib/people-api.ts';
import { Button } from '../../ui/button.tsx';
import { SIGN_IN as WORDS } from './messages.ts';
import { SignInFlow } from './sign-in-flow.tsx';

interface SignInAgainProps {
  email: string;
  onDone: (yes: boolean) => void;
}

export default function SignInAgain({ email, onDone }: SignInAgainProps) {
  const queries = useQueryClient();
  async function arrive() {
    const session = await expectData(client.GET('/api/session'));
    // A passkey may be somebody else's; then nothing of this screen is theirs.
    if (session.person.email !== email) return location.assign('/');
    queries.setQueryData(sessionQuery.queryKey, session);
    onDone(true);
    void queries.invalidateQueries();
  }
  return (
    <ModalOverlay isOpen isKeyboardDismissDisabled className="fixed inset-0 z-50 overflow-auto bg-paper">
      <Modal className="mx-auto w-full max-w-sm px-4 py-12 outline-none sm:py-20">
        <Dialog className="outline-none">
          <Heading slot="title" className="mb-2 font-semibold text-title tracking-[-0.02em]">
            {WORDS.again}
          </Heading>
          <p className="mb-6 text-soft">{WORDS.againLead}</p>
          <SignInFlow email={email} onDone={() => void arrive()} />
          <Button className="mt-6 -ml-2.5 text-faint" onClick={() => location.assign('/')}>
            {WORDS.leave}
          </Button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
