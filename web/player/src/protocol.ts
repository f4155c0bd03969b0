/**
 * What the page of Candor and the frame that plays a recording say to one another. The page hands over one end of a channel, to
 * the frame's exact origin; from then on everything goes over it. The frame is never told who is signed in, and can ask for
 * nothing. What it says is read as if a stranger had written it.
 */
import { isMoment, isRecord } from './protocol/read.ts';
import { type Layer, readDrawn, readLayer, readPressed, readStood, type StillReport } from './protocol/still.ts';

export type { Box, Drawn, Layer, Point, Seen, StillReport } from './protocol/still.ts';
export { BANDS, ELEMENT_MAX, isElement, POINTS_MAX } from './protocol/still.ts';

export const VERSION = 1;
export const SPEEDS = [1, 2, 4, 8] as const;
export type Speed = (typeof SPEEDS)[number];

/** The one message that is not sent over the channel: it carries its end. */
export interface Greeting {
  candor: 'replay';
  version: typeof VERSION;
}

/** What the page tells the frame. Moments are milliseconds as the recording's events count them. */
export type Order =
  /** Rebuild the page from these events, lines of JSON that begin with a full snapshot, as it was at a moment. */
  | { do: 'open'; turn: number; events: string; at: number; playing: boolean }
  /** What comes after the events that are there. */
  | { do: 'add'; events: string }
  /** Go to a moment of the events that are there. */
  | { do: 'go'; turn: number; at: number; playing: boolean }
  | { do: 'speed'; speed: Speed }
  /** Rebuild the page as it was at a moment, in its whole height, and let it stand still. */
  | { do: 'stand'; turn: number; events: string; at: number }
  /** Draw this over the page that stands still, in place of what was drawn before. */
  | { do: 'draw'; turn: number; layer: Layer }
  /** Mark an element, in place of the one before; without one, none. */
  | { do: 'mark'; element?: number };

/** What the frame tells the page. */
export type Report =
  /** The page as it was at the moment of that turn is to be seen. */
  | { is: 'shown'; turn: number }
  | { is: 'at'; at: number }
  /** The last of the events that are there was played. */
  | { is: 'out' }
  /** These events cannot be played, or nothing can be drawn over them. */
  | { is: 'failed'; turn: number }
  | StillReport;

export const isGreeting = (data: unknown): data is Greeting =>
  isRecord(data) && data.candor === 'replay' && data.version === VERSION;

export function readReport(data: unknown): Report | undefined {
  if (!isRecord(data)) return undefined;
  const { is, at, turn } = data;
  if (is === 'out') return { is };
  if (is === 'at' && isMoment(at)) return { is, at };
  if (is === 'pressed') return readPressed(data);
  if (!isMoment(turn)) return undefined;
  if (is === 'shown' || is === 'failed') return { is, turn };
  if (is === 'stood') return readStood(turn, data);
  return is === 'drawn' ? readDrawn(turn, data) : undefined;
}

export function readOrder(data: unknown): Order | undefined {
  if (!isRecord(data)) return undefined;
  const { do: what, events, at, turn, playing, speed } = data;
  if (what === 'add' && typeof events === 'string') return { do: what, events };
  if (what === 'speed' && (SPEEDS as readonly unknown[]).includes(speed)) return { do: what, speed: speed as Speed };
  if (what === 'mark') {
    const pressed = readPressed(data);
    return pressed && { do: what, ...(pressed.element !== undefined && { element: pressed.element }) };
  }
  if (!isMoment(turn)) return undefined;
  if (what === 'draw') {
    const layer = readLayer(data.layer);
    return layer && { do: what, turn, layer };
  }
  if (!isMoment(at)) return undefined;
  if (what === 'stand') return typeof events === 'string' ? { do: what, turn, events, at } : undefined;
  if (typeof playing !== 'boolean') return undefined;
  if (what === 'go') return { do: what, turn, at, playing };
  return what === 'open' && typeof events === 'string' ? { do: what, turn, events, at, playing } : undefined;
}
