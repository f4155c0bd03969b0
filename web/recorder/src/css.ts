/**
 * Style sheets and declarations, read token by token and written anew. What carries letters of the page's choosing
 * (strings, addresses, custom properties that are words, properties no browser knows) does not come out again. A rule
 * that falls leaves an empty one in its place, because later changes name rules by their position.
 */

import { COLOR_FUNCTION, isColorName } from "./colors";
import { type Token, TokenKind, tokenize } from "./css-tokens";

export interface CssJudge {
  /** Sheets that were read before, as they came out: what has left may leave again. */
  readonly sheets: Map<string, string>;
  /** Whether the browser knows a property; one that it does not know styles nothing and may be anything. */
  isProperty(name: string): boolean;
  /** Whether something that is about to leave holds nothing that was entered. */
  isClean(text: string): boolean;
}

/** Stands where a rule fell. */
export const NO_RULE = "x{}";
const DEPTH_MAX = 16;
/** How many sheets are remembered; a page that has more is read anew at each snapshot. */
const SHEETS_MAX = 64;
const GROUPS = new Set(["@media", "@supports", "@container", "@layer", "@scope", "@starting-style"]);
const KEYFRAMES = /^@(?:-webkit-)?keyframes$/;
const ARITHMETIC = /^(?:calc|min|max|clamp|var|env|round|mod|rem|sin|cos|tan|abs|sign|pow|sqrt)\($/i;
const REFERENCE = /^(?:var|env)\($/i;
const FAMILIES = /^font(?:-family)?$/;
const WORDS = /^[A-Za-z_][\w-]*(?: +[A-Za-z_][\w-]*)*$/;
const WORD = /^-?[A-Za-z_][\w-]*$/;
/** Attributes by whose value a rule may choose; the others do not travel, and `value` is what spies choose by. */
const CHOSEN_BY = /^(?:class|id|type|role|dir|lang|hidden|disabled|open|rel|tabindex|aria-(?:hidden|expanded))$/;

/** The declarations of a `style` attribute, or of a rule, that may stand. */
export function veilDeclarations(text: string, judge: CssJudge): string {
  const tokens = tokenize(text);
  return tokens ? new Sheet(tokens, judge).declarations() : "";
}

/** One declaration; undefined where it may not stand. */
export function veilValue(property: string, value: string, judge: CssJudge): string | undefined {
  const tokens = tokenize(value);
  return tokens && writeValue(property.toLowerCase(), tokens, judge);
}

/** A whole sheet, rule for rule. */
export function veilSheet(text: string, judge: CssJudge): string {
  const known = judge.sheets.get(text);
  if (known !== undefined) return known;
  const tokens = tokenize(text);
  const sheet = tokens ? new Sheet(tokens, judge).rules(0).join("\n") : "";
  if (judge.sheets.size >= SHEETS_MAX) judge.sheets.clear();
  judge.sheets.set(text, sheet);
  return sheet;
}

/** Exactly one rule: what else the text holds would move the rules after it. */
export function veilRule(text: string, judge: CssJudge): string {
  const tokens = tokenize(text);
  const rules = tokens ? new Sheet(tokens, judge).rules(0) : [];
  return rules.length === 1 ? rules[0]! : NO_RULE;
}

class Sheet {
  private at = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly judge: CssJudge,
  ) {}

  rules(depth: number): string[] {
    const rules: string[] = [];
    for (;;) {
      this.skipSpace();
      if (this.at >= this.tokens.length || this.isAt("}")) return rules;
      rules.push(this.rule(depth));
    }
  }

  declarations(depth = 0): string {
    const written: string[] = [];
    for (;;) {
      this.skipSpace();
      if (this.at >= this.tokens.length || this.isAt("}")) return written.join(";");
      if (this.isAt(";")) this.at += 1;
      else if (this.next("{", ";") === "{" && !this.tokens[this.at]!.text.startsWith("--")) written.push(this.rule(depth + 1));
      else written.push(...this.declaration());
    }
  }

  private rule(depth: number): string {
    const prelude = this.take("{", ";");
    const name = prelude[0]?.kind === TokenKind.At ? prelude[0].text.toLowerCase() : "";
    if (!this.isAt("{")) {
      this.at += 1;
      return name === "@layer" ? this.keep(writePrelude(prelude), ";") : NO_RULE;
    }
    const isGroup = GROUPS.has(name);
    if (depth > DEPTH_MAX || (name && !isGroup && !KEYFRAMES.test(name))) {
      this.skipBlock();
      return NO_RULE;
    }
    this.at += 1;
    const head = name ? writePrelude(prelude) : writeSelector(prelude);
    const body = name ? this.rules(depth + 1).join("") : this.declarations(depth);
    this.at += 1;
    return this.keep(head, `{${body}}`);
  }

  private keep(head: string | undefined, rest: string): string {
    return head && this.judge.isClean(head) ? head + rest : NO_RULE;
  }

  private declaration(): string[] {
    const tokens = this.take(";");
    const colon = tokens.findIndex(({ text }) => text === ":");
    const [name, ...between] = tokens.slice(0, Math.max(colon, 0));
    if (name?.kind !== TokenKind.Ident || between.some(({ kind }) => kind !== TokenKind.Space)) return [];
    const property = name.text.startsWith("--") ? name.text : name.text.toLowerCase();
    const value = writeValue(property, tokens.slice(colon + 1), this.judge);
    return value ? [`${property}:${value}`] : [];
  }

  /** Everything up to one of these, outside of brackets, or to the end of the block. */
  private take(...ends: string[]): Token[] {
    const start = this.at;
    this.next(...ends);
    this.at = this.found;
    return this.tokens.slice(start, this.at);
  }

  private found = 0;

  /** Which of these comes first from here on. */
  private next(...ends: string[]): string {
    let depth = 0;
    for (this.found = this.at; this.found < this.tokens.length; this.found += 1) {
      const { kind, text } = this.tokens[this.found]!;
      if (depth === 0 && (text === "}" || ends.includes(text))) return text;
      if (kind === TokenKind.Function || text === "(" || text === "[" || text === "{") depth += 1;
      else if (text === ")" || text === "]" || text === "}") depth = Math.max(0, depth - 1);
    }
    return "";
  }

  private skipBlock(): void {
    let depth = 0;
    do {
      if (this.isAt("{")) depth += 1;
      else if (this.isAt("}")) depth -= 1;
      this.at += 1;
    } while (depth > 0 && this.at < this.tokens.length);
  }

  private skipSpace(): void {
    while (this.tokens[this.at]?.kind === TokenKind.Space) this.at += 1;
  }

  private isAt(text: string): boolean {
    return this.tokens[this.at]?.text === text;
  }
}

function writeSelector(tokens: readonly Token[]): string | undefined {
  let written = "";
  let bracket: string | undefined;
  for (const { kind, text } of tokens) {
    if (text === "[") bracket = "";
    else if (text === "]") bracket = undefined;
    else if (bracket === "" && kind === TokenKind.Ident) bracket = text.toLowerCase();
    else if (bracket !== undefined && kind !== TokenKind.Space && text !== "i" && !/^[~|^$*=]$/.test(text)) {
      if (!CHOSEN_BY.test(bracket)) return undefined;
    }
    if (kind === TokenKind.String) {
      const word = text.slice(1, -1);
      if (bracket === undefined || !WORD.test(word)) return undefined;
      written += word;
    } else if (kind === TokenKind.Url || kind === TokenKind.At || kind === TokenKind.Bad) return undefined;
    else if (kind === TokenKind.Delim && !/^[.:,>+~*&[\]=|^$()]$/.test(text)) return undefined;
    else written += text;
  }
  return written.trim() || undefined;
}

function writePrelude(tokens: readonly Token[]): string | undefined {
  let written = "";
  for (const { kind, text } of tokens) {
    if (kind === TokenKind.String || kind === TokenKind.Url || kind === TokenKind.Bad) return undefined;
    if (kind === TokenKind.Delim && !/^[():,<>=/.&*%+-]$/.test(text)) return undefined;
    written += text;
  }
  return written.trim() || undefined;
}

function writeValue(property: string, tokens: readonly Token[], judge: CssJudge): string | undefined {
  const isCustom = property.startsWith("--");
  if (isCustom ? !judge.isClean(property) : !judge.isProperty(property)) return undefined;
  let written = "";
  let isReferred = false;
  for (const token of tokens) {
    const text = isCustom ? customToken(token, isReferred) : plainToken(token, property);
    if (text === undefined) return undefined;
    isReferred = token.kind === TokenKind.Function ? REFERENCE.test(token.text) : isReferred && token.kind === TokenKind.Space;
    written += text;
  }
  written = written.trim();
  return written && judge.isClean(written) ? written : undefined;
}

function plainToken({ kind, text }: Token, property: string): string | undefined {
  if (kind === TokenKind.Url) {
    const fragment = /^url\(\s*["']?(#[\w:.-]+)["']?\s*\)$/i.exec(text)?.[1];
    if (fragment) return `url(${fragment})`;
    // The colour beside a picture may stay; a picture may not.
    return /^(?:background(?:-image)?|list-style)$/.test(property) ? "none" : undefined;
  }
  if (kind === TokenKind.String) {
    const inside = text.slice(1, -1);
    if (FAMILIES.test(property) && WORDS.test(inside)) return inside;
    return /[\\\p{L}\p{N}\p{M}]/u.test(inside) ? undefined : text;
  }
  if (kind === TokenKind.At || kind === TokenKind.Bad || (kind === TokenKind.Delim && !/^[,/+*()!%[\]-]$/.test(text)))
    return undefined;
  return kind === TokenKind.Function && /^(?:src|url|expression|element|image)\($/i.test(text) ? undefined : text;
}

function customToken({ kind, text }: Token, isReferred: boolean): string | undefined {
  switch (kind) {
    case TokenKind.Space:
    case TokenKind.Number:
      return text;
    case TokenKind.Hash:
      return /^#[0-9a-f]{3,8}$/i.test(text) ? text : undefined;
    case TokenKind.Function:
      return COLOR_FUNCTION.test(text) || ARITHMETIC.test(text) ? text : undefined;
    case TokenKind.Ident:
      return isReferred || isColorName(text) ? text : undefined;
    case TokenKind.Delim:
      return /^[,/+*()-]$/.test(text) ? text : undefined;
    default:
      return undefined;
  }
}
