/**
 * What of a recording's events the timeline needs, and no more: when something was pressed, what followed, where the pages are.
 * The events themselves go to the frame that plays them and are not kept. Pure.
 */

export interface Click {
  at: number;
  x: number;
  y: number;
  /** On a field or a choice of a form, where nothing need follow. */
  onField: boolean;
}

export interface Trace {
  from: number;
  to: number;
  clicks: Click[];
  /** When something answered: the page changed, moved or was left, or a field took something. Once in a tenth of a second after a click. */
  answers: number[];
  /** When the visitor did anything. Once in a second. */
  doings: number[];
  errors: number[];
  events: { at: number; name?: string }[];
}

interface RawEvent {
  type: number;
  timestamp: number;
  data: Record<string, unknown>;
}

const [FULL, CHANGE, META, CUSTOM] = [2, 3, 4, 5];
const [MUTATION, MOUSE, SCROLL, INPUT] = [0, 2, 3, 5];
/** Moves, presses, scrolls, sizes, inputs, touches and drags: what a person does. */
const DOINGS: readonly unknown[] = [1, MOUSE, SCROLL, 4, INPUT, 6, 12];
const CLICKED = 2;
const FIELDS: ReadonlySet<unknown> = new Set(['input', 'textarea', 'select', 'option', 'label']);
const ANSWER_EVERY_MS = 100;
const DOING_EVERY_MS = 1000;

/** Which nodes are fields of forms, as far as the events told until now. */
export type Fields = Set<number>;

/** Reads one stretch, a line of JSON an event. What is no event is left out. */
export function readTrace(lines: string, fields: Fields = new Set()): Trace | undefined {
  let trace: Trace | undefined;
  for (const line of lines.split('\n')) {
    const event = readEvent(line);
    if (!event) continue;
    const at = event.timestamp;
    trace ??= { from: at, to: at, clicks: [], answers: [], doings: [], errors: [], events: [] };
    trace.to = Math.max(trace.to, at);
    readInto(trace, event, fields);
  }
  return trace;
}

function readInto(trace: Trace, { type, timestamp: at, data }: RawEvent, fields: Fields): void {
  if (type === META || (type === CUSTOM && data.tag === 'left')) answer(trace, at);
  if (type === FULL) {
    fields.clear();
    findFields(data.node, fields);
  }
  if (type === CUSTOM && data.tag === 'error') trace.errors.push(at);
  if (type === CUSTOM && data.tag === 'event') {
    const { name } = (data.payload ?? {}) as { name?: unknown };
    trace.events.push({ at, ...(typeof name === 'string' && { name }) });
  }
  if (type !== CHANGE) return;
  const { source } = data;
  if (DOINGS.includes(source)) put(trace.doings, at, DOING_EVERY_MS);
  if (source === MUTATION) for (const each of listOf(data.adds)) findFields((each as { node?: unknown }).node, fields);
  if (source === MOUSE && data.type === CLICKED) {
    const { x, y, id } = data;
    trace.clicks.push({ at, x: Number(x) || 0, y: Number(y) || 0, onField: fields.has(Number(id)) });
  } else if (source === MUTATION || source === SCROLL || source === INPUT) answer(trace, at);
}

function readEvent(line: string): RawEvent | undefined {
  if (!line) return undefined;
  try {
    const event = JSON.parse(line) as RawEvent;
    return typeof event?.timestamp === 'number' && typeof event.data === 'object' && event.data !== null ? event : undefined;
  } catch {
    return undefined;
  }
}

/** All nodes that are fields, and all inside of them. */
function findFields(node: unknown, fields: Fields, inside = false): void {
  if (typeof node !== 'object' || node === null) return;
  const { id, tagName, childNodes } = node as { id?: number; tagName?: string; childNodes?: unknown };
  const isField = inside || FIELDS.has(tagName);
  if (isField && typeof id === 'number') fields.add(id);
  for (const child of listOf(childNodes)) findFields(child, fields, isField);
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The first after a click counts however soon after another it is. */
function answer({ answers, clicks }: Trace, at: number): void {
  const [last, click] = [answers.at(-1), clicks.at(-1)];
  if (last !== undefined && click && last <= click.at) answers.push(at);
  else put(answers, at, ANSWER_EVERY_MS);
}

function put(times: number[], at: number, every: number): void {
  const last = times.at(-1);
  if (last === undefined || at - last >= every) times.push(at);
}

/**
 * What is known in a row: stretches follow one another, so what lies between two known neighbours is known to be nothing. `traces`
 * has a place for every stretch; those not read yet are empty.
 */
export function joinRuns(traces: readonly (Trace | undefined)[]): Trace[] {
  const runs: Trace[] = [];
  let before: Trace | undefined;
  for (const trace of traces) {
    if (trace && before) {
      before.to = Math.max(before.to, trace.to);
      for (const part of ['clicks', 'answers', 'doings', 'errors', 'events'] as const)
        (before[part] as unknown[]).push(...trace[part]);
    } else if (trace) {
      const { clicks, answers, doings, errors, events } = trace;
      before = {
        ...trace,
        clicks: [...clicks],
        answers: [...answers],
        doings: [...doings],
        errors: [...errors],
        events: [...events],
      };
      runs.push(before);
    } else before = undefined;
  }
  return runs;
}
