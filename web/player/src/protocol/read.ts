/** How the simplest parts of a message are read. */

export const isRecord = (data: unknown): data is Record<string, unknown> => typeof data === 'object' && data !== null;
export const isMoment = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
export const isCount = (value: unknown): value is number => isMoment(value) && Number.isSafeInteger(value);
export const isWithin = (value: unknown, from: number, to: number): value is number =>
  typeof value === 'number' && value >= from && value <= to;
