/** Filters: as the URL writes them (`is:page:/pricing,/docs`), as people read them, and as the API takes them. */
import { DIMENSIONS, type DimensionKey, dimension, isDimension } from './dimensions.ts';
import { nameValue } from './names.ts';

export const OPERATORS = ['is', 'is_not', 'contains', 'contains_not', 'matches'] as const;
export type Operator = (typeof OPERATORS)[number];

export const OPERATOR_WORDS: Record<Operator, string> = {
  is: 'is',
  is_not: 'is not',
  contains: 'contains',
  contains_not: 'does not contain',
  matches: 'matches',
};

export interface Filter {
  operator: Operator;
  dimension: DimensionKey;
  values: string[];
}

export type ApiFilter = [Operator, string, string[]];

const escapeValue = (value: string) => value.replace(/[%,]/g, encodeURIComponent);

function unescapeValue(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

export function writeFilter({ operator, dimension, values }: Filter): string {
  return `${operator}:${dimension}:${values.map(escapeValue).join(',')}`;
}

/** Reads one filter; what is none is nothing, because anyone may write a URL. */
export function readFilter(text: unknown): Filter | undefined {
  const [, operator, key, rest] = /^([a-z_]+):([a-z_]+):(.*)$/s.exec(String(text)) ?? [];
  if (!(OPERATORS as readonly unknown[]).includes(operator) || !isDimension(key) || rest === undefined) return undefined;
  return { operator: operator as Operator, dimension: key, values: rest.split(',').map(unescapeValue) };
}

export function readFilters(texts: readonly string[] | undefined): Filter[] {
  return (texts ?? []).map(readFilter).filter((filter) => filter !== undefined);
}

export function toApiFilter({ operator, dimension, values }: Filter): ApiFilter {
  return [operator, DIMENSIONS[dimension].api, values];
}

export function describeFilter(filter: Filter): { subject: string; verb: string; object: string } {
  const { label, kind } = dimension(filter.dimension);
  const named = filter.values.map((value) => nameValue(kind, value));
  const object = named.length > 3 ? `${named.slice(0, 2).join(' or ')} or ${named.length - 2} more` : named.join(' or ');
  return { subject: label, verb: OPERATOR_WORDS[filter.operator], object };
}

/** Clicking a row: narrows to the value, or takes the narrowing away when it is there already. */
export function toggleValue(filters: Filter[], key: DimensionKey, value: string): Filter[] {
  const same = (filter: Filter) => filter.dimension === key && filter.operator === 'is' && filter.values.includes(value);
  if (filters.some(same)) return filters.filter((filter) => !same(filter));
  return narrowTo(filters, key, value);
}

/** What a row stands for, within what the report is narrowed to: the same however often it is asked. */
export function narrowTo(filters: readonly Filter[], key: DimensionKey, value: string): Filter[] {
  const others = filters.filter((filter) => !(filter.dimension === key && filter.operator === 'is'));
  return [...others, { operator: 'is', dimension: key, values: [value] }];
}

export function isChosen(filters: Filter[], key: DimensionKey, value: string): boolean {
  return filters.some((filter) => filter.dimension === key && filter.operator === 'is' && filter.values.includes(value));
}
