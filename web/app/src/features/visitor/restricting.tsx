/** What is not done with a visitor any more: counted in reports, or gathered at all. Neither takes anything away, so both are switches. */
import { useAct } from '../../lib/use-act.ts';
import { afterRestricting, objectVisitor, restrictVisitor, type Visitor, visitorQuery } from '../../lib/visitor-api.ts';
import { Section } from '../../ui/section.tsx';
import { SwitchLine } from '../../ui/switch-line.tsx';
import { RESTRICTING as WORDS } from './messages.ts';

export function Restricting({ domain, known }: { domain: string; known: Visitor }) {
  const { visitor, restricted, objected } = known;
  const again = visitorQuery(domain, visitor).queryKey;
  const restrict = useAct((on: boolean) => restrictVisitor(domain, visitor, on), {
    refresh: [again, ...afterRestricting(domain)],
    done: restricted ? WORDS.restrict.off : WORDS.restrict.on,
  });
  const object = useAct((on: boolean) => objectVisitor(domain, visitor, on), {
    refresh: [again],
    done: objected ? WORDS.object.off : WORDS.object.on,
  });
  return (
    <Section title={WORDS.title}>
      <div className="grid gap-5">
        <SwitchLine
          label={WORDS.restrict.label}
          help={WORDS.restrict.help}
          on={restricted}
          disabled={restrict.isPending}
          onChange={restrict.mutate}
        />
        <SwitchLine
          label={WORDS.object.label}
          help={WORDS.object.help}
          on={objected}
          disabled={object.isPending}
          onChange={object.mutate}
        />
      </div>
    </Section>
  );
}
