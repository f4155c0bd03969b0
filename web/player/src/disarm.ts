/**
 * The player's own wall: events are not trusted although the gate judged them. Each is built anew, key by key, from what is known
 * to be harmless; whatever else it held is not there afterwards. The frame's policy and the sandbox stand behind it.
 */
import dialect from '../../../fixtures/recording/dialect.json' with { type: 'json' };
import { disarmCss } from './disarm/css.ts';
import { asArray, asId, asNumber, asRecord, asText, disarmAttributes, disarmTree, GONE, STYLES, Unplayable } from './disarm/nodes.ts';
import { CHANGE, CUSTOM, FULL, META, type PlayedEvent, SOURCE } from './events.ts';

export { Unplayable } from './disarm/nodes.ts';

type Raw = Record<string, unknown>;
const SIDE_MAX = 10_000;
const MOUSE_KINDS = 10;
const BELONGS_MS = 100;

/** Reads lines of JSON one page after another. What each node is, is remembered from its full snapshot on. */
export class Disarmer {
  private readonly tagOf = new Map<number, string>();

  read(lines: string): PlayedEvent[] {
    return withoutNewAddresses(
      lines
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => this.disarm(parse(line)))
        .filter((event) => event !== undefined),
    );
  }

  /**
   * What is there at a moment, and at any rate the first snapshot. Within a moment after it a recorder tells what belongs to it and
   * could not be in it, such as adopted sheets. What comes later is not even read.
   */
  readStill(lines: string, at: number): PlayedEvent[] {
    const events: PlayedEvent[] = [];
    let until = Number.POSITIVE_INFINITY;
    for (const line of lines.split('\n')) {
      if (line.trim() === '') continue;
      const raw = parse(line);
      if (asNumber(asRecord(raw).timestamp) > until) break;
      const event = this.disarm(raw);
      if (!event) continue;
      events.push(event);
      if (event.type === FULL && until === Number.POSITIVE_INFINITY) until = Math.max(at, event.timestamp) + BELONGS_MS;
    }
    return withoutNewAddresses(events);
  }

  /** The tag that an element had on the page; nothing for what is none, and for what is built without a name. */
  nameOf(id: number): string | undefined {
    const tag = this.tagOf.get(id);
    return tag === undefined || tag.startsWith('#') || tag === GONE ? undefined : tag.replace(/^svg:/, '');
  }

  /** Nothing for kinds that are never played. */
  disarm(raw: unknown): PlayedEvent | undefined {
    const { type, timestamp, data } = asRecord(raw);
    if (typeof timestamp !== 'number' || !Number.isFinite(timestamp) || timestamp < 0) throw new Unplayable('no moment');
    if (type !== FULL && type !== CHANGE && type !== META && type !== CUSTOM) return undefined;
    const clean = this.disarmData(type, asRecord(data));
    return clean && { type, timestamp, data: clean };
  }

  private disarmData(type: PlayedEvent['type'], data: Raw): Raw | undefined {
    switch (type) {
      case FULL: {
        this.tagOf.clear();
        const { left, top } = asRecord(data.initialOffset ?? {});
        return { node: disarmTree(data.node, this.tagOf), initialOffset: { left: asNumber(left), top: asNumber(top) } };
      }
      case META:
        return { href: '', width: asSide(data.width), height: asSide(data.height) };
      case CUSTOM:
        return dialect.custom.includes(asText(data.tag)) ? { tag: data.tag, payload: {} } : undefined;
      case CHANGE:
        return this.disarmChange(data);
    }
  }

  private disarmChange(data: Raw): Raw | undefined {
    const source = data.source;
    switch (source) {
      case SOURCE.mutation:
        return this.disarmMutation(data);
      case SOURCE.mouseMove:
      case SOURCE.touchMove:
      case SOURCE.drag: {
        const positions = asArray(data.positions).map(asRecord);
        if (positions.length === 0) return undefined;
        return { source, positions: positions.map((each) => ({ ...asPoint(each), timeOffset: Math.min(0, asNumber(each.timeOffset)) })) };
      }
      case SOURCE.mouse: {
        const kind = asNumber(data.type);
        if (!Number.isInteger(kind) || kind < 0 || kind > MOUSE_KINDS) return undefined;
        return { source, type: kind, ...asPoint(data), ...(isPointer(data.pointerType) && { pointerType: data.pointerType }) };
      }
      case SOURCE.scroll:
        return { source, ...asPoint(data) };
      case SOURCE.resize:
        return { source, width: asSide(data.width), height: asSide(data.height) };
      case SOURCE.input:
        return { source, id: asId(data.id), text: asText(data.text) === '' ? '' : dialect.mask, isChecked: false };
      case SOURCE.rule:
        return this.isSheet(data) ? disarmRules(data) : undefined;
      case SOURCE.declaration:
        return this.isSheet(data) ? disarmDeclaration(data) : undefined;
      case SOURCE.adopted:
        return disarmAdopted(data);
      default:
        return undefined;
    }
  }

  /** Rules are of a style element, or of a sheet that was adopted; of anything else they would stop the player. */
  private isSheet({ id, styleId }: Raw): boolean {
    return typeof id === 'number' ? STYLES.has(this.tagOf.get(id) ?? '') : typeof styleId === 'number';
  }

  private disarmMutation(data: Raw): Raw {
    // First what is added: changes of the same event may be of it.
    const adds = asArray(data.adds).map((each) => {
      const { parentId, nextId, node } = asRecord(each);
      return { parentId: asId(parentId), nextId: nextId == null ? null : asId(nextId), node: disarmTree(node, this.tagOf, asId(parentId)) };
    });
    const removes = asArray(data.removes).map((each) => {
      const { parentId, id, isShadow } = asRecord(each);
      return { parentId: asId(parentId), id: asId(id), ...(isShadow === true && { isShadow: true }) };
    });
    const texts = asArray(data.texts).map((each) => {
      const { id, value } = asRecord(each);
      // Of what it is a text may have become unknown; a style sheet's manner harms no other text much.
      const text = asText(value);
      return { id: asId(id), value: this.tagOf.get(asId(id)) === '#text' ? text : disarmCss(text) };
    });
    const attributes = asArray(data.attributes).flatMap((each) => {
      const change = asRecord(each);
      const id = asId(change.id);
      const known = this.tagOf.get(id);
      if (known === undefined || known.startsWith('#')) return [];
      const isSvg = known.startsWith('svg:');
      return [{ id, attributes: disarmAttributes(isSvg ? known.slice(4) : known, isSvg, asRecord(change.attributes)) }];
    });
    // A document is never put into a frame: there are no frames.
    return { source: SOURCE.mutation, adds: adds.filter(({ node }) => node.type !== 0), removes, texts, attributes };
  }
}

/**
 * A page that takes another address without being loaded says so in the middle of a scene. The library begins at the last such
 * event and leaves out what was before it, the snapshot too: it hears of the window's size alone.
 */
function withoutNewAddresses(events: PlayedEvent[]): PlayedEvent[] {
  return events.map((event, at) => {
    if (event.type !== META || events[at + 1]?.type === FULL) return event;
    const { width, height } = event.data;
    return { type: CHANGE, timestamp: event.timestamp, data: { source: SOURCE.resize, width, height } };
  });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Unplayable('not JSON');
  }
}

const asSide = (value: unknown): number => Math.min(SIDE_MAX, Math.max(1, Math.round(asNumber(value)) || 1));
const asPoint = ({ id, x, y }: Raw) => ({ id: asId(id), x: asNumber(x), y: asNumber(y) });
const isPointer = (value: unknown): boolean => value === 0 || value === 1 || value === 2;

const placeOfRule = ({ id, styleId }: Raw): Raw => ({
  ...(typeof id === 'number' && { id: asId(id) }),
  ...(typeof styleId === 'number' && { styleId: asId(styleId) }),
});

function asIndex(value: unknown): number | number[] | undefined {
  if (Array.isArray(value)) return value.map(asNumber);
  return typeof value === 'number' ? asNumber(value) : undefined;
}

const disarmRule = (each: unknown) => {
  const { rule, index } = asRecord(each);
  return { rule: disarmCss(asText(rule)), ...(asIndex(index) !== undefined && { index: asIndex(index) }) };
};

function disarmRules(data: Raw): Raw {
  return {
    source: SOURCE.rule,
    ...placeOfRule(data),
    ...(data.adds !== undefined && { adds: asArray(data.adds).map(disarmRule) }),
    ...(data.removes !== undefined && { removes: asArray(data.removes).map((each) => ({ index: asIndex(asRecord(each).index) ?? 0 })) }),
    ...(typeof data.replace === 'string' && { replace: disarmCss(data.replace) }),
    ...(typeof data.replaceSync === 'string' && { replaceSync: disarmCss(data.replaceSync) }),
  };
}

function disarmDeclaration(data: Raw): Raw {
  const place = { source: SOURCE.declaration, ...placeOfRule(data), index: asArray(data.index).map(asNumber) };
  if (data.set !== undefined) {
    const { property, value, priority } = asRecord(data.set);
    const set = { property: asText(property), value: disarmCss(asText(value)), priority: priority === 'important' ? 'important' : '' };
    return { ...place, set };
  }
  return { ...place, remove: { property: asText(asRecord(data.remove ?? {}).property) } };
}

function disarmAdopted(data: Raw): Raw {
  const styles = asArray(data.styles).map((each) => {
    const { styleId, rules } = asRecord(each);
    return { styleId: asId(styleId), rules: asArray(rules).map(disarmRule) };
  });
  return { source: SOURCE.adopted, id: asId(data.id), styleIds: asArray(data.styleIds).map(asId), ...(styles.length > 0 && { styles }) };
}
