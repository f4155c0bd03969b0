/** Candor's own icons: a 16 px grid, one stroke of 1.5 px, no fills. Always beside a text or in a labelled button. */
const PATHS = {
  check: 'M3 8.5 6.5 12 13 4.5',
  chevron: 'M4 6.25 8 10.25 12 6.25',
  key: 'M6 12.5A3.5 3.5 0 1 0 6 5.5a3.5 3.5 0 0 0 0 7zM8.5 6.5l5-4.5M11 4.3l2 2',
  leave: 'M6.5 2.5h-4v11h4M6 8h7.5M10.5 5l3 3-3 3',
  heat: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 10.75a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5z',
  left: 'M10 3.5 5.5 8 10 12.5',
  right: 'M6 3.5 10.5 8 6 12.5',
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  down: 'M8 3v10M4 9l4 4 4-4',
  up: 'M8 13V3M4 7l4-4 4 4',
  external: 'M9 2.5h4.5V7M13.5 2.5 7 9M11.5 9.5v4h-9v-9h4',
  filter: 'M2 4h12M4.5 8h7M6.5 12h3',
  gear: 'M2 4.5h6.5M12.5 4.5H14M10.5 2.5v4M2 11.5h1.5M7.5 11.5H14M5.5 9.5v4',
  list: 'M9.5 2.5h4V6.5M13.5 2.5 9 7M6.5 13.5h-4V9.5M2.5 13.5 7 9',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3v10l8-5z',
  people:
    'M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 13.5c0-2.5 2-3.5 4.5-3.5s4.5 1 4.5 3.5M10.5 3.2a2.5 2.5 0 0 1 0 4.6M12.2 10.3c1.5.4 2.3 1.4 2.3 3.2',
  person: 'M8 7.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14.5c0-3 2.5-4.5 5.5-4.5s5.5 1.5 5.5 4.5',
  plus: 'M8 3v10M3 8h10',
  retry: 'M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14',
  shield: 'M8 2 3 4v4c0 3 2 5 5 6 3-1 5-3 5-6V4z',
  warning: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 11.6v.4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, className = '' }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      className={`size-4 shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
