/**
 * Takes out of a style sheet whatever could ask for something: addresses, imports, fonts. The frame's policy forbids them as well;
 * here they do not even try. What is left looks as it did.
 */

/** A function or a rule by this name means nothing to any browser. */
const NOTHING = 'candor-nothing';

/** Letters written by their numbers, or behind a needless backslash, are letters; so no name hides behind either. */
const LETTER = '([46][1-9a-f]|[57][0-9a])';
const ESCAPED = new RegExp(`\\\\(?:(?:0{4}${LETTER}|0{0,3}${LETTER}(?![0-9a-f]))(?:\\r\\n|[ \\t\\r\\n\\f])?|([g-z]))`, 'gi');
const ADDRESS = /\burl\s*\((?!\s*(["']?)#)/gi;
const ASKING = /(?<![\w-])(?:-webkit-)?(?:image-set|cross-fade|image|src|element|paint)\s*\(/gi;
const RULES = /@(?:import|font-face|namespace|charset|document|-moz-document)\b/gi;
const OLD = /(?:\bexpression\s*\(|-moz-binding\b|\bbehavior\s*:)/gi;

export function disarmCss(text: string): string {
  if (!/[\\(@:]/.test(text)) return text;
  return text
    .replace(ESCAPED, (whole: string, long?: string, short?: string, letter?: string) => {
      if (letter) return letter;
      const sign = String.fromCharCode(Number.parseInt(long ?? short ?? '', 16));
      return /[a-z]/i.test(sign) ? sign : whole;
    })
    .replace(ADDRESS, `${NOTHING}(`)
    .replace(ASKING, `${NOTHING}(`)
    .replace(RULES, `@${NOTHING}`)
    .replace(OLD, `${NOTHING}:`);
}
