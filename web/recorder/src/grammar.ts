/**
 * What the value of an attribute may look like, by the name of its grammar in the dialect. A value that does not fit is
 * not repaired but dropped; a grammar that is not known here lets nothing through.
 */

import { COLOR_FUNCTION, type CssJudge, isColorName, veilDeclarations, veilSheet } from "./css";
import { INPUT_TYPES, LIMITS, MASK } from "./dialect";

const UNIT = "(?:px|em|rem|ex|ch|vw|vh|vmin|vmax|cm|mm|q|in|pt|pc|%)";
const NUMBERS = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/gi;
const LENGTHS = new RegExp(`${NUMBERS.source}${UNIT}?`, "gi");
const NUMBER = /^[+-]?\d{0,15}(?:\.\d{1,15})?(?:e[+-]?\d{1,2})?$/i;
const LENGTH = new RegExp(`^(?:auto|0|[+-]?\\d{0,9}(?:\\.\\d{1,12})?${UNIT}?)$`, "i");
const PIXELS = /^\d{1,7}(?:\.\d{1,12})?px$/;
const TOKEN = /^[\w.:-]{1,128}$/;
const CLASS = /^[\w:/.[\]%#(),!&*+=>~-]{1,64}$/;
const LANGUAGE = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/;
const MEDIA = /^[\w\s():,.<>=/-]{1,256}$/;
const FRAGMENT = /^#[\w:.-]{1,128}$/;
const FRAGMENT_URL = /^url\(\s*["']?(#[\w:.-]{1,128})["']?\s*\)$/i;
const NAMESPACES = new Set([
  "http://www.w3.org/1999/xhtml",
  "http://www.w3.org/2000/svg",
  "http://www.w3.org/1999/xlink",
  "http://www.w3.org/1998/Math/MathML",
  "http://www.w3.org/XML/1998/namespace",
]);

/** The value as it may leave; undefined where it may not. What was entered is looked for in every one. */
export function veilAttribute(grammar: string, value: unknown, judge: CssJudge): string | undefined {
  if (typeof value !== "string" && typeof value !== "number" && value !== true) return undefined;
  const text = value === true ? "" : String(value);
  const limit = grammar === "sheet" ? LIMITS.sheet_bytes : LIMITS.attribute_bytes;
  // UTF-16 units times three are never fewer than bytes.
  if (text.length * 3 > limit && byteLength(text) > limit) return undefined;
  if (grammar === "declarations") return veilDeclarations(text, judge) || undefined;
  if (grammar === "sheet") return veilSheet(text, judge);
  if (grammar === "class")
    return (
      text
        .split(/\s+/)
        .filter((token) => CLASS.test(token) && judge.isClean(token))
        .join(" ") || undefined
    );
  const fit = fitting(grammar, text.trim(), judge);
  return fit !== undefined && judge.isClean(fit) ? fit : undefined;
}

function fitting(grammar: string, text: string, judge: CssJudge): string | undefined {
  const when = (fits: boolean) => (fits ? text : undefined);
  if (grammar.startsWith("enum:")) return when(grammar.slice(5).split("|").includes(text));
  switch (grammar) {
    case "flag":
      return "";
    case "mask":
      return text && MASK;
    case "input_type":
      return INPUT_TYPES.has(text.toLowerCase()) ? text.toLowerCase() : undefined;
    case "number":
      return when(NUMBER.test(text) && /\d/.test(text));
    case "length":
      return when(LENGTH.test(text) && /\d|auto/.test(text));
    case "pixels":
      return when(PIXELS.test(text));
    case "numbers":
      return when(/^0*$/.test(reduce(text, NUMBERS)));
    case "lengths":
      return when(/^(?:0*|none)$/.test(reduce(text, LENGTHS)));
    case "path":
      return when(/^(?:[mlhvcsqta]0+|z)*$/i.test(reduce(text, NUMBERS)));
    case "transform":
      return when(/^(?:(?:matrix|translate|scale|rotate|skewX|skewY)\(0+\))*$/.test(reduce(text, NUMBERS)));
    case "color":
      return when(isColor(text, judge));
    case "paint":
      return isColor(text, judge) || /^(?:none|context-(?:fill|stroke)|inherit)$/.test(text) ? text : fragmentUrl(text);
    case "fragment_url":
      return text === "none" ? text : fragmentUrl(text);
    case "fragment":
      return when(FRAGMENT.test(text));
    case "token":
      return when(TOKEN.test(text));
    case "language":
      return when(LANGUAGE.test(text));
    case "media":
      return when(MEDIA.test(text));
    case "namespace":
      return when(NAMESPACES.has(text));
    default:
      return undefined;
  }
}

/** The text with every number as `0` and nothing between: what is left is the shape. */
const reduce = (text: string, numbers: RegExp): string => text.replace(numbers, "0").replace(/[\s,]+/g, "");

const fragmentUrl = (text: string): string | undefined => {
  const fragment = FRAGMENT_URL.exec(text)?.[1];
  return fragment && `url(${fragment})`;
};

function isColor(text: string, judge: CssJudge): boolean {
  if (/^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(text) || isColorName(text, judge)) return true;
  const call = /^([\w-]+\()[\d.,%/\s+-]*\)$/.exec(text)?.[1];
  return call !== undefined && COLOR_FUNCTION.test(call);
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
