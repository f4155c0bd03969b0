/** Moments of a recording, as people read them and as the address has them: seconds from its beginning. Pure. */

/** 0:07, 12:03, 1:02:03. */
export function formatMoment(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** For those who hear it: "12 minutes 3 seconds". */
export function sayMoment(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'hour'],
    [Math.floor((seconds % 3600) / 60), 'minute'],
    [seconds % 60, 'second'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  return said.join(' ') || 'the beginning';
}

export interface PlayerSearch {
  /** Seconds from the beginning. */
  t?: number;
}

export function readPlayerSearch(raw: Record<string, unknown>): PlayerSearch {
  const t = typeof raw.t === 'string' || typeof raw.t === 'number' ? Number(raw.t) : Number.NaN;
  return Number.isFinite(t) && t > 0 && raw.t !== '' ? { t: Math.floor(t) } : {};
}
