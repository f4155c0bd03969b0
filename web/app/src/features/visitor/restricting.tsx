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
  // A switch that were disabled meanwhile would lose the focus: it is left as it is, and not heard.
  return (
    <Section title={WORDS.title}>
      <div className="grid gap-5">
        <SwitchLine
          label={WORDS.restrict.label}
          help={WORDS.restrict.help}
          on={restricted}
          onChange={(on) => !restrict.isPending && restrict.mutate(on)}
        />
        <SwitchLine
          label={WORDS.object.label}
          help={WORDS.object.help}
          on={objected}
          onChange={(on) => !object.isPending && object.mutate(on)}
        />
      </div>
    </Section>
  );
}
