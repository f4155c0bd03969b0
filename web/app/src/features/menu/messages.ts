/** The words of the main menu. */
import type { Theme } from '../../lib/theme.ts';

export const THEME_WORDS: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };

export const WORDS = {
  menu: 'Menu',
  palette: 'Search and commands',
  recordings: 'Recordings',
  heatmaps: 'Heatmaps',
  settings: 'Site settings',
  privacy: 'Privacy',
  refused: 'Refused and set aside',
  shortcuts: 'Keyboard shortcuts',
  theme: 'Theme',
} as const;
