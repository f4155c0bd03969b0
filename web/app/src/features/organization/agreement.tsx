/** The data-processing agreement: the text in force, who accepted which version when, and accepting it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type Agreement, acceptAgreement, agreementQuery } from '../../lib/agreement-api.ts';
import { formatInstant } from '../../lib/format.ts';
import { may } from '../../lib/may.ts';
import { peopleQuery } from '../../lib/people-api.ts';
import type { Membership } from '../../lib/people-schema.ts';
import { useAct } from '../../lib/use-act.ts';
import { Again } from '../../ui/again.tsx';
import { Line, Mark } from '../../ui/lines.tsx';
import { Section } from '../../ui/section.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { AGREEMENT as WORDS } from './agreement-messages.ts';

export function AgreementPart({ membership }: { membership: Membership }) {
  const { id } = membership.organization;
  const { data, error, refetch } = useQuery(agreementQuery(id));
  return (
    <Section title={WORDS.title} lead={WORDS.lead}>
      {error && !data && <Again text={error.message} onAgain={refetch} />}
      {!data && !error && <Skeleton className="h-64 w-full" />}
      {data && (
        <>
          <Text markdown={data.text} />
          <p className="mt-1 mb-4 wrap-anywhere text-faint text-xs">{WORDS.version(data.version)}</p>
          <State membership={membership} agreement={data} />
          <Acceptances membership={membership} agreement={data} />
        </>
      )}
    </Section>
  );
}

function State({ membership, agreement }: { membership: Membership; agreement: Agreement }) {
  const { id, name } = membership.organization;
  const queries = useQueryClient();
  const accept = useAct(() => acceptAgreement(id, agreement.version), {
    done: WORDS.done,
    onDone: (next) => queries.setQueryData(agreementQuery(id).queryKey, next),
    quiet: true,
  });
  if (agreement.accepted) return <p className="text-good text-sm">{WORDS.accepted}</p>;
  const mayAccept = may(membership, 'change:organization');
  return (
    <>
      <p className="mb-3 text-sm">
        {WORDS.notAccepted} {!mayAccept && WORDS.onlyOwner}
      </p>
      {mayAccept && (
        <SureButton
          kind="line"
          title={WORDS.acceptTitle(name)}
          text={WORDS.acceptText}
          action={WORDS.accept}
          onSure={() => accept.mutateAsync()}
        >
          {WORDS.accept}
        </SureButton>
      )}
    </>
  );
}

function Acceptances({ membership, agreement }: { membership: Membership; agreement: Agreement }) {
  const people = useQuery({ ...peopleQuery(membership.organization.id), enabled: may(membership, 'see:people') });
  const nameOf = (id: string) => {
    const person = people.data?.find((each) => each.id === id);
    return person ? person.name || person.email : WORDS.somebody;
  };
  return (
    <div className="mt-6">
      <h3 className="mb-1 font-medium text-sm">{WORDS.acceptances}</h3>
      {agreement.acceptances.length === 0 && <p className="py-2 text-faint text-sm">{WORDS.none}</p>}
      {agreement.acceptances.length > 0 && (
        <ul aria-label={WORDS.acceptances} className="border-line border-t">
          {agreement.acceptances.map(({ version, person, at }) => (
            <Line
              key={`${version} ${at}`}
              name={nameOf(person)}
              below={<span className="text-xs">{WORDS.version(version)}</span>}
              facts={
                <>
                  <span className="block">{formatInstant(at)}</span>
                  <Mark tone={version === agreement.version ? 'good' : 'plain'}>
                    {version === agreement.version ? WORDS.inForce : WORDS.before}
                  </Mark>
                </>
              }
            />
          ))}
        </ul>
      )}
    </div>
  );
}

/** Headings and paragraphs are all that the text has. */
function Text({ markdown }: { markdown: string }) {
  return (
    <section
      aria-label={WORDS.text}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
      tabIndex={0}
      className="max-h-80 overflow-y-auto rounded-md border border-line px-4 py-3 text-sm"
    >
      {markdown.split(/\n{2,}/).map((block) => (
        <Block key={block} text={block.trim()} />
      ))}
    </section>
  );
}

function Block({ text }: { text: string }) {
  const [, marks, heading] = /^(#+) (.*)$/.exec(text) ?? [];
  if (!marks) return <p className="mb-3 text-soft">{text}</p>;
  if (marks.length > 1) return <h4 className="mb-1 font-semibold">{heading}</h4>;
  return <h3 className="mb-2 font-semibold text-base">{heading}</h3>;
}
