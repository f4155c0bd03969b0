/**
 * What the server allows and what the site's owner wrote on the snippet, read strictly: an answer that is not understood
 * means no recording, a word that is not understood means the strictest.
 */

export interface Settings {
  /** Percent of recordings that are made. */
  readonly sample: number;
  readonly isClear: boolean;
  /** Whether the visitor's signals against measuring end the recording. */
  readonly isHonouring: boolean;
  readonly idleMs: number;
  readonly lengthMs: number;
  /** Names of style sheets that need not be sent. */
  readonly sheets: readonly string[];
}

export interface OwnerOptions {
  readonly block?: string;
  readonly star?: string;
  readonly ignore?: string;
}

const MINUTE_MS = 60_000;

export async function askSettings(address: URL, site: string): Promise<Settings | undefined> {
  address.searchParams.set("d", site);
  try {
    const answer = await fetch(address, { credentials: "omit", referrerPolicy: "origin" });
    return answer.status === 200 ? readSettings(await answer.json()) : undefined;
  } catch {
    return undefined;
  }
}

export function readSettings(answer: unknown): Settings | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  const { on, sample, text, signals, idle_minutes, length_minutes, sheets } = answer as Record<string, unknown>;
  if (on !== true || !isWithin(sample, 0, 100) || !isWithin(idle_minutes, 0, 1_440) || !isWithin(length_minutes, 0, 1_440))
    return undefined;
  return {
    sample,
    isClear: text === "clear",
    isHonouring: signals !== "ignore",
    idleMs: idle_minutes * MINUTE_MS,
    lengthMs: length_minutes * MINUTE_MS,
    sheets: Array.isArray(sheets) ? sheets : [],
  };
}

/** The owner's selectors; undefined where one is no selector, for what it was meant to keep back is unknown. */
export function readOptions(attributes: DOMStringMap): OwnerOptions | undefined {
  const { recordingBlock: block, recordingMask: star, recordingIgnore: ignore } = attributes;
  for (const selector of [block, star, ignore]) if (selector !== undefined && !isSelector(selector)) return undefined;
  return { block, star, ignore };
}

function isSelector(text: string): boolean {
  try {
    document.createDocumentFragment().querySelector(text);
    return true;
  } catch {
    return false;
  }
}

const isWithin = (value: unknown, from: number, to: number): value is number =>
  typeof value === "number" && value >= from && value <= to;
