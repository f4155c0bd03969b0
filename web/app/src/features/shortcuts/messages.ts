/** The words around the list of keys; what each key does is said in lib/shortcuts.ts. */
export const WORDS = {
  title: 'Keyboard shortcuts',
  single: 'Single-key shortcuts',
  singleHelp: (modifier: string) =>
    `${modifier} + K works either way. Off, single keys are left to your browser and its extensions.`,
  palette: 'Search and commands',
  chart: 'In the chart: move along; Enter looks closer',
  close: 'Close what is on top',
} as const;
