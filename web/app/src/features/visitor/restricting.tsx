/** Whether a visitor is in reports. It takes nothing away, so it is a switch. */
import { useAct } from '../../lib/use-act.ts';
import { restrictVisitor, type Visitor, visitorQuery } from '../../lib/visitor-api.ts';
import { Section } from '../../ui/section.tsx';
import { SwitchLine } from '../../ui/switch-line.tsx';
import { RESTRICTING as WORDS } from './messages.ts';

export function Restricting({ domain, known }: { domain: string; known: Visitor }) {
  const { visitor, restricted } = known;
  const restrict = useAct((on: boolean) => restrictVisitor(domain, visitor, on), {
    refresh: [visitorQuery(domain, visitor).queryKey, ['recordings', domain], ['report', domain]],
    done: restricted ? WORDS.off : WORDS.on,
  });
  return (
    <Section title={WORDS.title}>
      <SwitchLine
        label={WORDS.label}
        help={WORDS.help}
        on={restricted}
        disabled={restrict.isPending}
        onChange={restrict.mutate}
      />
    </Section>
  );
}
