/** A panel that shows one of several lists: pages by all, entry or exit; sources, channels or campaigns; and so on. */
import { type ReactNode, useId } from 'react';
import { type DimensionKey, dimension } from '../../lib/dimensions.ts';
import type { PanelDimension, Report } from '../../lib/report.ts';
import { Panel } from '../../ui/panel.tsx';
import { RowList } from '../../ui/row-list.tsx';
import { Tabs } from '../../ui/tabs.tsx';

interface PanelOfListsProps {
  label: string;
  tabs: readonly { key: PanelDimension; label: string }[];
  chosen: PanelDimension;
  report?: Report;
  className?: string;
  onTab: (key: PanelDimension) => void;
  onDetails: (key: DimensionKey) => void;
  onDetailsNear?: () => void;
  isChosen: (key: DimensionKey, value: string) => boolean;
  onChoose: (key: DimensionKey, value: string) => void;
  linkOf?: (value: string) => string | undefined;
  /** What else a row of a list leads to. */
  asideOf?: (key: DimensionKey) => ((value: string, name: string) => ReactNode) | undefined;
}

export function PanelOfLists(props: PanelOfListsProps) {
  const { label, tabs, chosen, report, isChosen, onChoose } = props;
  const id = useId();
  const shown = dimension(chosen);
  const single = tabs.length === 1;
  return (
    <Panel
      label={label}
      className={props.className}
      onDetails={() => props.onDetails(chosen)}
      onDetailsNear={props.onDetailsNear}
      head={
        single ? (
          <h2 className="relative flex h-10 items-center font-medium text-sm">{label}</h2>
        ) : (
          <Tabs label={label} tabs={tabs} chosen={chosen} onChoose={props.onTab} panelId={id} />
        )
      }
    >
      <div id={id} {...(single ? {} : { role: 'tabpanel', 'aria-label': shown.plural })}>
        <RowList
          dimension={shown}
          rows={report?.panels[chosen]}
          total={report?.totals.visitors ?? 0}
          isChosen={(value) => isChosen(chosen, value)}
          onChoose={(value) => onChoose(chosen, value)}
          aside={props.asideOf?.(chosen)}
          linkOf={shown.kind === 'path' ? props.linkOf : undefined}
        />
      </div>
    </Panel>
  );
}
