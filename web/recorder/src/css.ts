/**
 * Style sheets and declarations, read token by token and written anew. What carries letters of the page's choosing
 * (strings, addresses, custom properties that are words, properties no browser knows) does not come out again. A rule
 * that falls leaves an empty one in its place, because later changes name rules by their position.
 */

import { AREAS, numberAreas } from "./css-areas";
import { type Token, TokenKind, tokenize } from "./css-tokens";

export interface CssJudge {
  /** Sheets that were read before, as they came out: what has left may leave again. */
  readonly sheets: Map<string, string>;
  /**
   * Whether the browser knows a property, and a value of it where one is given; a property that it does not know styles
   * nothing and may be anything.
   */
  isProperty(name: string, value?: string): boolean;
  /** Whether something that is about to leave holds nothing that was entered. */
  isClean(text: string): boolean;
}

/** Stands where a rule fell. */
export const NO_RULE = "x{}";
const DEPTH_MAX = 16;
/** How many sheets are remembered; a page that has more is read anew at each snapshot. */
const SHEETS_MAX = 64;
const PAUSE_RULES = 100;
const GROUPS = new Set(["@property", "@media", "@supports", "@container", "@layer", "@scope", "@starting-style"]);
const KEYFRAMES = /^@(?:-webkit-)?keyframes$/;
const FUNCTION =
  /^(?:calc|min|max|clamp|var|env|round|mod|rem|sin|cos|tan|abs|sign|pow|sqrt|(?:repeating-)?(?:linear|radial|conic)-gradient|(?:translate|scale|rotate)(?:3d|[xyz])?|cubic-bezier|linear|steps|minmax|repeat|blur|brightness|drop-shadow|light-dark)\($/i;
const REFERENCE = /^(?:var|env)\($/i;
const FAMILIES = /^font(?:-family)?$/;
/** A list of fonts says at its end, or near it, which will serve where none of the others is there. */
const GENERIC = /^(?:(?:ui-)?(?:sans-serif|serif|monospace)|system-ui)$/;
/** Their keywords are all the words that a property of the page's own may hold. None takes a name of the page's choosing. */
const WORDED =
  "color display position float visibility overflow cursor flex-flow place-content place-items text-align text-decoration text-transform white-space vertical-align font-size font-style font-weight width border background object-fit pointer-events mix-blend-mode transition-timing-function".split(
    " ",
  );
const FURTHER = /^(?:to|at|in|from|circle|ellipse|important|infinite|true|false|srgb|display-p3|okl(?:ab|ch))$/i;
/** What `@property` says of one: whether it is handed down, and what it is from the start. */
const DESCRIPTOR = /^(?:inherits|initial-value)$/;
const SYNTAX = /^.(?:\*|(?:<(?:color|length|number|percentage|length-percentage|integer|angle|time)>[+#]?(?: \| )?)+).$/;
const WORDS = /^[A-Za-z_][\w-]*(?: +[A-Za-z_][\w-]*)*$/;
const WORD = /^-?[A-Za-z_][\w-]*$/;
/** Attributes by whose value a rule may choose; the others do not travel, and `value` is what spies choose by. */
const CHOSEN_BY =
  /^(?:class|id|type|role|dir|lang|hidden|disabled|open|rel|tabindex|aria-(?:hidden|expanded|current)|data-(?:(?:bs-)?theme|state))$/;

/** A colour by its name. Which there are the browser knows. */
export const isColorName = (text: string, judge: CssJudge): boolean => /^[a-z]+$/i.test(text) && judge.isProperty("color", text);
export const COLOR_FUNCTION = /^(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix)\($/i;

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
  for (const _ of readSheet(text, judge));
  return judge.sheets.get(text)!;
}

/** Reads a sheet, which is known from then on. Large ones take longer than a page may be kept: now and then a pause may be made. */
export function* readSheet(text: string, judge: CssJudge): Generator<undefined> {
  if (judge.sheets.has(text)) return;
  const tokens = tokenize(text);
  const sheet = tokens && new Sheet(tokens, judge);
  const rules: string[] = [];
  for (let rule = sheet?.nextRule(0); rule !== undefined; rule = sheet?.nextRule(0)) {
    rules.push(rule);
    if (rules.length % PAUSE_RULES === 0) yield;
  }
  if (judge.sheets.size >= SHEETS_MAX) judge.sheets.clear();
  judge.sheets.set(text, rules.join("\n"));
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
    for (let rule = this.nextRule(depth); rule !== undefined; rule = this.nextRule(depth)) rules.push(rule);
    return rules;
  }

  /** The rule that follows; undefined at the end of what it stands in. */
  nextRule(depth: number): string | undefined {
    this.skipSpace();
    return this.at >= this.tokens.length || this.isAt("}") ? undefined : this.rule(depth);
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
    const head = name ? writePrelude(prelude) : new Sheet(prelude, this.judge).selectors();
    const body = name && name !== "@property" ? this.rules(depth + 1).join("") : this.declarations(depth);
    this.at += 1;
    return this.keep(head, `{${body}}`);
  }

  /** Those of a list that may stand. */
  private selectors(): string {
    const written: string[] = [];
    while (this.at < this.tokens.length) {
      written.push(writeSelector(this.take(",")) ?? "");
      this.at += 1;
    }
    return written.filter(Boolean).join(",");
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
    return value === undefined ? [] : [`${property}:${value}`];
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
      const word = text.slice(1, -1).trim();
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
  const isCustom = property.startsWith("--") || DESCRIPTOR.test(property);
  if (isCustom ? !judge.isClean(property) : property !== "syntax" && !judge.isProperty(property)) return undefined;
  const isFamily = FAMILIES.test(property) || (isCustom && isFonts(tokens));
  let written = "";
  let isReferred = false;
  for (const token of tokens) {
    const isName = isReferred && token.kind === TokenKind.Ident;
    const text =
      isCustom && !isFamily && !isName && !isCustomToken(token, judge) ? undefined : writeToken(token, property, isFamily);
    if (text === undefined) return undefined;
    isReferred = token.kind === TokenKind.Function ? REFERENCE.test(token.text) : isReferred && token.kind === TokenKind.Space;
    written += text;
  }
  written = written.trim();
  return (written || isCustom) && judge.isClean(written) ? written : undefined;
}

/** Names between commas, of which one is every browser's. */
const isFonts = (tokens: readonly Token[]): boolean =>
  tokens.some(({ text }) => GENERIC.test(text)) && tokens.every(({ text }) => /^(?:[a-z_-][\w-]*|["'].*|,| )$/i.test(text));

function writeToken({ kind, text }: Token, property: string, isFamily: boolean): string | undefined {
  if (kind === TokenKind.Url) {
    const fragment = /^url\(\s*["']?(#[\w:.-]+)["']?\s*\)$/i.exec(text)?.[1];
    if (fragment) return `url(${fragment})`;
    // The colour beside a picture may stay; a picture may not.
    return /^(?:--.*|background(?:-image)?|list-style)$/.test(property) ? "none" : undefined;
  }
  const isString = kind === TokenKind.String;
  if (AREAS.test(property)) {
    if (kind === TokenKind.Ident) return numberAreas(text);
    if (isString) return /^.(?:\s*(?:a\d+|\.))+\s*.$/.exec(numberAreas(text))?.[0];
  }
  if (property === "syntax" && kind !== TokenKind.Space) return isString && SYNTAX.test(text) ? text : undefined;
  if (isString) {
    const inside = text.slice(1, -1);
    // Another's name goes, and the next font serves.
    if (isFamily) return WORDS.test(inside) ? inside : "_";
    return /[\\\p{L}\p{N}\p{M}]/u.test(inside) ? undefined : text;
  }
  if (kind === TokenKind.At || kind === TokenKind.Bad || (kind === TokenKind.Delim && !/^[,/+*()!%[\]-]$/.test(text)))
    return undefined;
  return kind === TokenKind.Function && /^(?:src|url|expression|element|image)\($/i.test(text) ? undefined : text;
}

/** Whether a property of the page's own may hold it: numbers, colours, references, and words that every page may say. */
function isCustomToken({ kind, text }: Token, judge: CssJudge): boolean {
  switch (kind) {
    case TokenKind.Hash:
      return /^#[0-9a-f]{3,8}$/i.test(text);
    case TokenKind.Function:
      return COLOR_FUNCTION.test(text) || FUNCTION.test(text);
    case TokenKind.Ident:
      return /^[\w-]+$/.test(text) && (FURTHER.test(text) || WORDED.some((property) => judge.isProperty(property, text)));
    default:
      return kind !== TokenKind.At;
  }
}
