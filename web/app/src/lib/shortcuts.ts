/** Every key of the UI: what the list of shortcuts shows and the handler obeys. Single keys can be switched off. */
import type { Period } from './period.ts';

export interface Shortcut {
  /** One key, or two pressed one after the other. */
  keys: string;
  label: string;
  action: ShortcutAction;
}

export type ShortcutAction =
  | { kind: 'period'; period: Period }
  | { kind: 'step'; step: -1 | 1 }
  | { kind: 'go'; to: 'report' | 'recordings' | 'heatmaps' | 'settings' | 'privacy' | 'refused' | 'sites' }
  | { kind: 'filter' | 'clear' | 'compare' | 'shortcuts' | 'palette' | 'live' };

const period = (keys: string, label: string, period: Period): Shortcut => ({ keys, label, action: { kind: 'period', period } });

export const SHORTCUT_GROUPS: { title: string; shortcuts: Shortcut[] }[] = [
  {
    title: 'Period',
    shortcuts: [
      period('d', 'Today', 'today'),
      period('y', 'Yesterday', 'yesterday'),
      period('w', 'Last 7 days', '7d'),
      period('m', 'Last 28 days', '28d'),
      period('q', 'Last 91 days', '91d'),
      period('a', 'All time', 'all'),
      { keys: '[', label: 'Earlier', action: { kind: 'step', step: -1 } },
      { keys: ']', label: 'Later', action: { kind: 'step', step: 1 } },
      { keys: 'x', label: 'Compare, or stop comparing', action: { kind: 'compare' } },
    ],
  },
  {
    title: 'Report',
    shortcuts: [
      { keys: 'f', label: 'Add a filter', action: { kind: 'filter' } },
      { keys: 'c', label: 'Clear all filters', action: { kind: 'clear' } },
      { keys: 'l', label: 'Pause or resume live updates', action: { kind: 'live' } },
    ],
  },
  {
    title: 'Go to',
    shortcuts: [
      { keys: 'g d', label: 'Dashboard', action: { kind: 'go', to: 'report' } },
      { keys: 'g v', label: 'Recordings', action: { kind: 'go', to: 'recordings' } },
      { keys: 'g h', label: 'Heatmaps', action: { kind: 'go', to: 'heatmaps' } },
      { keys: 'g s', label: 'Site settings', action: { kind: 'go', to: 'settings' } },
      { keys: 'g p', label: 'Privacy', action: { kind: 'go', to: 'privacy' } },
      { keys: 'g r', label: 'Refused and set aside', action: { kind: 'go', to: 'refused' } },
      { keys: 'g a', label: 'All sites', action: { kind: 'go', to: 'sites' } },
      { keys: '/', label: 'Search and commands', action: { kind: 'palette' } },
      { keys: '?', label: 'This list', action: { kind: 'shortcuts' } },
    ],
  },
];

const ALL = SHORTCUT_GROUPS.flatMap((group) => group.shortcuts);

/** What a key means after the one before it; or that another must follow. */
export function findShortcut(key: string, before?: string): ShortcutAction | 'more' | undefined {
  const keys = before ? `${before} ${key}` : key;
  const exact = ALL.find((shortcut) => shortcut.keys === keys);
  if (exact) return exact.action;
  return ALL.some((shortcut) => shortcut.keys.startsWith(`${keys} `)) ? 'more' : undefined;
}

/** Whether keys typed here belong to a field or an overlay and not to us. */
export function ownsKeys(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return target.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]') !== null;
}
