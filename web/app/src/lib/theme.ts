/** The theme a person chose. The same key is read by theme-boot.js before the first paint. */
import { setPreference, usePreference } from './storage.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export function useTheme(): Theme {
  const stored = usePreference('theme');
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function setTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  setPreference('theme', theme === 'system' ? null : theme);
}
