/** What can be changed about a person: role and sites, and access as a whole. */
import { type ReactNode, useState } from 'react';
import { client, expectData } from '../../lib/api.ts';
import { may } from '../../lib/may.ts';
import { peopleQuery } from '../../lib/people-api.ts';
import type { Membership, PersonLine } from '../../lib/people-schema.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { OpenModal } from '../../ui/overlay-parts.tsx';
import { Problem } from '../../ui/problem.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import type { OverlayProps } from '../../ui/use-lazy-overlay.tsx';
import { PERSON as WORDS } from './messages.ts';
import { RoleChoice } from './role-choice.tsx';

interface PersonDialogProps extends OverlayProps {
  person: PersonLine;
  membership: Membership;
}

export default function PersonDialog({ person, membership, onClose }: PersonDialogProps) {
  const organization = membership.organization.id;
  const path = { id: person.id };
  const refresh = [peopleQuery(organization).queryKey];
  const [role, setRole] = useState(person.role);
  const [sites, setSites] = useState(person.sites ?? []);
  const patch = (body: { role?: typeof role; sites?: string[]; disabled?: boolean }) =>
    expectData(client.PATCH('/api/people/{id}', { params: { path }, body: { organization, ...body } }));
  const save = useAct(() => patch({ role, ...(role === 'site_viewer' && { sites }) }), {
    refresh,
    done: WORDS.saved,
    onDone: onClose,
    quiet: true,
  });
  const turn = useAct((disabled: boolean) => patch({ disabled }), {
    refresh,
    done: person.disabled ? WORDS.enabled : WORDS.disabled,
    onDone: onClose,
    quiet: true,
  });
  const reset = useAct(
    () => expectData(client.POST('/api/people/{id}/reset-link', { params: { path }, body: { organization } })),
    { quiet: true },
  );
  const remove = useAct(() => expectData(client.DELETE('/api/people/{id}', { params: { path, query: { organization } } })), {
    refresh,
    done: WORDS.removed,
    onDone: onClose,
    quiet: true,
  });
  const name = person.name || person.email;
  const same = role === person.role && sameSites(sites, person.sites ?? []);
  return (
    <OpenModal title={name} stays onClose={onClose}>
      <div className="grid gap-5 overflow-auto p-5">
        <Problem error={save.error ?? turn.error ?? reset.error} />
        <RoleChoice membership={membership} role={role} sites={sites} onRole={setRole} onSites={setSites} />
        <div>
          <Button
            kind="solid"
            disabled={same || save.isPending || (role === 'site_viewer' && sites.length === 0)}
            onClick={() => save.mutate()}
          >
            {WORDS.save}
          </Button>
        </div>
        <section aria-label={WORDS.access}>
          <h3 className="mb-2 font-semibold">{WORDS.access}</h3>
          {reset.data ? (
            <div className="mb-3 grid gap-2">
              <p role="status" className="text-soft text-sm">
                {WORDS.resetMade}
              </p>
              <CopyBlock code={reset.data.url} />
            </div>
          ) : (
            <Deed text={WORDS.resetText}>
              <Button kind="line" disabled={reset.isPending} onClick={() => reset.mutate()}>
                {WORDS.reset}
              </Button>
            </Deed>
          )}
          <Deed text={person.disabled ? WORDS.enableText : WORDS.disableText}>
            <Button kind="line" disabled={turn.isPending} onClick={() => turn.mutate(!person.disabled)}>
              {person.disabled ? WORDS.enable : WORDS.disable}
            </Button>
          </Deed>
          {may(membership, 'remove:people') && (
            <Deed text="">
              <SureButton
                kind="line"
                className="text-bad"
                title={`${WORDS.remove}?`}
                text={WORDS.removeText(name)}
                action={WORDS.remove}
                onSure={() => remove.mutateAsync()}
              >
                {WORDS.remove}
              </SureButton>
            </Deed>
          )}
        </section>
      </div>
    </OpenModal>
  );
}

function Deed({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-t py-3 text-sm">
      {text && <p className="min-w-0 flex-1 basis-52 text-soft">{text}</p>}
      {children}
    </div>
  );
}

const sameSites = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((site) => other.includes(site));
