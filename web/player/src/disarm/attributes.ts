/** Which attributes of a recorded element are built again, and what may stand in them. What is not named here is not there. */
import dialect from '../../../../fixtures/recording/dialect.json' with { type: 'json' };
import type { Attribute } from '../events.ts';
import { disarmCss } from './css.ts';

const OF_ALL = new Set(Object.keys(dialect.attributes['*']));
const OF_TAG = new Map(Object.entries(dialect.attributes).map(([tag, names]) => [tag, new Set(Object.keys(names))]));
const OF_SVG = new Set(Object.keys(dialect.svg_attributes));
const OF_BOXES = new Set(dialect.boxed_attributes);
const BOXES = new Set(dialect.boxed_tags);
const FORM_TAGS = new Set(dialect.form_tags);
const INPUT_TYPES = new Set(dialect.input_types);
/** What a component's styles know its elements by. */
const SCOPE = new RegExp(`^${dialect.scopes}[0-9a-f]{8}$`);
/** They lead somewhere inside the same page, or nowhere. */
const REFERENCES = new Set(['href', 'xlink:href']);
const SHEET = '_cssText';
const PIXELS = /^-?\d{1,6}(?:\.\d{1,6})?px$/;
const LENGTH_MAX = dialect.limits.attribute_bytes;

export interface Element {
  /** In small letters. */
  tag: string;
  isSvg: boolean;
}

function isNamed({ tag, isSvg }: Element, name: string): boolean {
  if (BOXES.has(tag)) return OF_BOXES.has(name);
  return OF_ALL.has(name) || SCOPE.test(name) || (OF_TAG.get(tag)?.has(name) ?? false) || (isSvg && OF_SVG.has(name));
}

/** What is built of one attribute; nothing where it may not be there. */
export function disarmAttribute(element: Element, name: string, value: unknown): Attribute | undefined {
  if (!isNamed(element, name)) return undefined;
  if (value === null) return null;
  if (name === 'style' && typeof value === 'object') return disarmStyle(value as Record<string, unknown>);
  if (name.startsWith('rr_scroll')) return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  if (name.startsWith('rr_')) return typeof value === 'string' && PIXELS.test(value) ? value : undefined;
  if (typeof value === 'boolean') return value ? '' : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value !== 'string') return undefined;
  if (name === SHEET) return disarmCss(value);
  if (value.length > LENGTH_MAX) return undefined;
  if (REFERENCES.has(name)) return /^#[\w.:-]*$/.test(value) ? value : undefined;
  if (name === 'type' && element.tag === 'input') return INPUT_TYPES.has(value) ? value : 'text';
  // Whatever a gate let pass: nothing typed is shown.
  if (name === 'value' && FORM_TAGS.has(element.tag)) return dialect.mask;
  return disarmCss(value);
}

/** Changes of single properties, as `[value, priority]`, a value, or `false` for one that went. */
function disarmStyle(changes: Record<string, unknown>): Attribute {
  const clean: Record<string, string | [string, string] | false> = {};
  for (const [property, value] of Object.entries(changes)) {
    if (!/^-{0,2}[a-zA-Z][\w-]*$/.test(property)) continue;
    if (value === false) clean[property] = false;
    else if (typeof value === 'string') clean[property] = disarmCss(value);
    else if (Array.isArray(value) && typeof value[0] === 'string') {
      clean[property] = [disarmCss(value[0]), value[1] === 'important' ? 'important' : ''];
    }
  }
  return clean;
}
