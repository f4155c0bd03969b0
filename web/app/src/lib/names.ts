/** Names for the codes that events carry. Codes come from strangers: one that is not known is shown as it is. */
import type { DimensionKind } from './dimensions.ts';

const regions = new Intl.DisplayNames('en', { type: 'region' });
const languages = new Intl.DisplayNames('en', { type: 'language', languageDisplay: 'standard' });

function nameOf(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

export function nameValue(kind: DimensionKind, value: string): string {
  if (value === '') return '(not set)';
  if (kind === 'country') return value === 'A1' ? 'Anonymous network' : /^[A-Z]{2}$/.test(value) ? nameOf(regions, value) : value;
  if (kind === 'language') return nameOf(languages, value);
  return value;
}
