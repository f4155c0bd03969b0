/** Gathers what the palette can reach: sites, screens, periods, panels, themes and actions. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type CommandGroup, Palette } from '../features/palette/palette.tsx';
import { sitesQuery } from '../lib/api.ts';
import { dimension } from '../lib/dimensions.ts';
import { HEADLINE_METRICS, metric } from '../lib/metrics.ts';
import { PRESETS, type Preset } from '../lib/period.ts';
import { PRESET_WORDS } from '../lib/period-words.ts';
import { PANEL_DIMENSIONS } from '../lib/report.ts';
import type { ReportSearch } from '../lib/search.ts';
import { SHORTCUT_GROUPS } from '../lib/shortcuts.ts';
import { setTheme, THEMES, useTheme } from '../lib/theme.ts';
import { useMayAnswer } from '../lib/use-may-answer.ts';
import { useShortcutAction } from './use-keys.ts';

const KEYED = SHORTCUT_GROUPS.flatMap((group) => group.shortcuts);

export default function PaletteHost({ onClose }: { onClose: () => void }) {
  const { domain } = useParams({ strict: false });
  const { data: sites = [] } = useQuery(sitesQuery);
  const navigate = useNavigate();
  const theme = useTheme();
  const act = useShortcutAction();
  const answers = useMayAnswer(domain);

  const goTo = (site: string) => void navigate({ to: '/$domain', params: { domain: site } });
  const change = (patch: ReportSearch) =>
    domain &&
    void navigate({
      to: '/$domain',
      params: { domain },
      search: (known: ReportSearch) => ({ ...known, ...patch }),
      resetScroll: false,
    });
  const keyOf = (preset: Preset) => KEYED.find(({ action }) => action.kind === 'period' && action.period === preset)?.keys;

  const actions = KEYED.filter(({ action }) => action.kind !== 'period' && action.kind !== 'palette')
    .filter(({ action }) => domain || action.kind === 'shortcuts' || (action.kind === 'go' && action.to === 'sites'))
    .filter(({ action }) => answers || action.kind !== 'go' || action.to !== 'privacy');
  const groups: CommandGroup[] = [
    {
      title: 'Actions',
      commands: [
        ...actions.map((shortcut) => ({
          id: `do ${shortcut.keys}`,
          label: shortcut.action.kind === 'shortcuts' ? 'Keyboard shortcuts' : shortcut.label,
          hint: shortcut.keys,
          run: () => act(shortcut.action),
        })),
        {
          id: 'copy',
          label: 'Copy a link to this view',
          icon: 'copy',
          run: () => void navigator.clipboard.writeText(location.href),
        },
        { id: 'print', label: 'Print this screen', run: () => print() },
      ],
    },
    {
      title: 'Sites',
      commands: sites.map((site) => ({ id: `site ${site.domain}`, label: site.domain, run: () => goTo(site.domain) })),
    },
    {
      title: 'Theme',
      commands: THEMES.map((each) => ({
        id: `theme ${each}`,
        label: { system: 'Theme of the system', light: 'Light theme', dark: 'Dark theme' }[each],
        hint: each === theme ? 'now' : undefined,
        run: () => setTheme(each),
      })),
    },
  ];
  if (domain) groups.splice(1, 0, ...reportGroups(change, keyOf));
  return <Palette groups={groups} onClose={onClose} />;
}

function reportGroups(change: (patch: ReportSearch) => void, keyOf: (preset: Preset) => string | undefined): CommandGroup[] {
  return [
    {
      title: 'Period',
      commands: PRESETS.map((preset) => ({
        id: `period ${preset}`,
        label: PRESET_WORDS[preset],
        hint: keyOf(preset),
        run: () => change({ period: preset, interval: undefined }),
      })),
    },
    {
      title: 'Chart',
      commands: HEADLINE_METRICS.map((name) => ({
        id: `metric ${name}`,
        label: metric(name).label,
        run: () => change({ metric: name }),
      })),
    },
    {
      title: 'Details',
      commands: PANEL_DIMENSIONS.map((key) => ({
        id: `details ${key}`,
        label: dimension(key).plural,
        icon: 'list',
        run: () => change({ details: key }),
      })),
    },
  ];
}
