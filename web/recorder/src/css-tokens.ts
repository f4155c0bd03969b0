/**
 * CSS cut into tokens, strictly: words are ASCII (with escapes), numbers have units that exist, strings end on their
 * line. A text that does not cut cleanly has no tokens at all, and so nothing of it travels.
 */

export const enum TokenKind {
  Space,
  Ident,
  Function,
  At,
  Hash,
  String,
  Url,
  Number,
  Delim,
  /** A number with a unit that does not exist: letters of the page's choosing. What holds one falls. */
  Bad,
}

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const ESCAPE = "\\\\(?:[0-9a-fA-F]{1,6}\\s?|[^\\n0-9a-fA-F])";
const NAME = `(?:[\\w-]|${ESCAPE})*`;
const IDENT = `(?:--|-?(?:[A-Za-z_]|${ESCAPE}))${NAME}`;
const STRING = `"(?:[^"\\\\\\n]|\\\\[^])*"|'(?:[^'\\\\\\n]|\\\\[^])*'`;
const TOKEN = new RegExp(
  [
    "(\\s+)",
    `(url\\(\\s*(?:${STRING}|[^"'()\\\\\\s]*)\\s*\\))`,
    `(${IDENT}\\()`,
    `(${IDENT})`,
    `(@${IDENT})`,
    `(#${NAME})`,
    `(${STRING})`,
    "([+-]?(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:[eE][+-]?\\d+)?(?:%|[A-Za-z]+)?)",
    "([^\"'\\\\\\w])",
  ].join("|"),
  "y",
);
const KINDS = [
  TokenKind.Space,
  TokenKind.Url,
  TokenKind.Function,
  TokenKind.Ident,
  TokenKind.At,
  TokenKind.Hash,
  TokenKind.String,
  TokenKind.Number,
  TokenKind.Delim,
];
const UNITS =
  /[^A-Za-z%](?:%|px|r?em|r?ex|r?cap|r?ch|r?ic|r?lh|[sld]?v(?:w|h|i|b|min|max)|cq(?:w|h|i|b|min|max)|cm|mm|q|in|pt|pc|deg|grad|rad|turn|m?s|k?hz|dpi|dpcm|dppx|x|fr|n)?$/i;

export function tokenize(text: string): Token[] | undefined {
  const source = withoutComments(text);
  if (source === undefined) return undefined;
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const found = TOKEN.exec(source);
    if (!found) return undefined;
    let group = 1;
    while (found[group] === undefined) group += 1;
    const kind = KINDS[group - 1]!;
    const isBad = kind === TokenKind.Number && !UNITS.test(found[0]);
    tokens.push({ kind: isBad ? TokenKind.Bad : kind, text: kind === TokenKind.Space ? " " : found[0] });
  }
  return tokens;
}

/** A comment may say anything. One inside a string is not told apart: the string then holds letters or is cut, and falls. */
function withoutComments(text: string): string | undefined {
  let rest = "";
  let from = 0;
  for (;;) {
    const start = text.indexOf("/*", from);
    if (start < 0) return rest + text.slice(from);
    const end = text.indexOf("*/", start + 2);
    if (end < 0) return undefined;
    rest += `${text.slice(from, start)} `;
    from = end + 2;
  }
}
