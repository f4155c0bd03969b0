/**
 * What was entered on this page, remembered so that it is found wherever it reappears. It lives in memory only, is never
 * sent and never written, and its size is bounded: once full it says so, and everything that might hold a copy is masked
 * from then on.
 *
 * Texts are compared by their letters and digits alone, in lower case, so spaces, hyphens, escapes and upper case hide
 * nothing. Every value is looked for as it was at each moment, word by word, backwards, and in hexadecimal and base64.
 */

import { MASK } from "./dialect";

/** The shortest value that is looked for inside of other words; shorter ones count as whole words. */
export const NEEDLE_MIN = 3;
/** Of a longer value the beginning is looked for: a hit masks all of the run of signs that it stands in. */
const NEEDLE_MAX = 48;
/** Shorter needles must stand in one piece; longer ones may have something between their signs, as in a card's number. */
const SPREAD_MIN = 6;
/** How much of a value its encoded and reversed forms are made of. */
const ENCODED_MAX = 8;
/** Of how many words of one value there are encoded forms. */
const ENCODED_WORDS_MAX = 64;
/** Pieces of a word between its hyphens and dots count from so many signs on: `com` is in too many. */
const PART_MIN = 5;
/** How much of one value is read at all; what is longer fills the memory and so masks everything. */
export const VALUE_MAX = 65_536;
export const NEEDLES_MAX = 40_000;
/** From so many digits on a value is like a card's number, and its last four are often shown. */
const CARD_DIGITS_MIN = 12;

export class Taint {
  /** Which first three signs occur at all, by their hash: most places of most texts are passed by this look alone. */
  private readonly begins = new Uint8Array(1 << 16);
  private readonly needles = new Map<number, Set<string>>();
  private readonly shorts = new Set<string>();
  /** Values without letters and digits, looked for as they are. */
  private readonly signs = new Set<string>();
  private readonly seen = new Set<string>();
  private readonly words = new Set<string>();
  private count = 0;
  isFull = false;

  /** Whether there is anything to look for. */
  get isUsed(): boolean {
    return this.count > 0 || this.isFull;
  }

  /** Remembers a value; the same one again costs one look. */
  add(value: string): void {
    if (this.isFull || !value || this.seen.has(value)) return;
    if (value.length > VALUE_MAX || this.seen.size >= NEEDLES_MAX) {
      this.isFull = true;
      return;
    }
    if (value.length <= NEEDLE_MAX) this.seen.add(value);
    const text = value.normalize("NFKC").toLowerCase();
    const whole = squeeze(text);
    if (!whole && text.trim().length >= NEEDLE_MIN) this.addSigns(text.trim());
    this.addForms(value, whole, true);
    if (/^\d+$/.test(whole)) this.addDigits(whole.slice(0, NEEDLE_MAX));
    const words = text.split(/[\s,;|/@]+/);
    for (const [index, word] of words.entries()) {
      // A long text is read anew at every key.
      if (this.words.has(word)) continue;
      if (this.words.size >= NEEDLES_MAX) this.isFull = true;
      this.words.add(word);
      if (words.length > 1) this.addForms(word, squeeze(word), index < ENCODED_WORDS_MAX);
      for (const part of word.split(/[-_.]/)) if (part.length >= PART_MIN) this.addNeedle(squeeze(part).slice(0, NEEDLE_MAX));
    }
  }

  /** Numbers are shown in groups, and without what stands before them. */
  private addDigits(digits: string): void {
    for (let at = 0; at + SPREAD_MIN <= digits.length; at += 1) this.addNeedle(digits.slice(at, at + SPREAD_MIN));
    if (digits.length >= CARD_DIGITS_MIN) this.addNeedle(digits.slice(-4));
  }

  private addSigns(text: string): void {
    if (this.signs.size >= ENCODED_WORDS_MAX) this.isFull = true;
    else this.signs.add(text.slice(0, NEEDLE_MAX));
  }

  private addForms(value: string, squeezed: string, isEncoded: boolean): void {
    if (squeezed.length < NEEDLE_MIN) {
      if (squeezed) this.shorts.add(squeezed);
      return;
    }
    this.addNeedle(squeezed.slice(0, NEEDLE_MAX));
    if (!isEncoded) return;
    const head = squeezed.slice(0, ENCODED_MAX);
    this.addNeedle([...head].reverse().join(""));
    if (squeezed.length > ENCODED_MAX) this.addNeedle([...squeezed.slice(-ENCODED_MAX)].reverse().join(""));
    for (const form of new Set([value.slice(0, ENCODED_MAX), head])) {
      for (const encoded of encodings(form)) this.addNeedle(encoded);
    }
  }

  private addNeedle(needle: string): void {
    if (needle.length < NEEDLE_MIN) return;
    const key = hash(needle, 0);
    const bucket = this.needles.get(key) ?? new Set();
    if (bucket.has(needle)) return;
    if (this.count >= NEEDLES_MAX) {
      this.isFull = true;
      return;
    }
    this.count += 1;
    this.needles.set(key, bucket.add(needle));
    this.begins[key] = 1;
  }

  /** Whether a text holds anything that was entered, as it is or once its escapes are undone. */
  isIn(text: string): boolean {
    if (this.isFull) return true;
    return this.clean(text) !== text;
  }

  /** The text with every run of signs that holds something entered replaced by the mask. */
  clean(text: string): string {
    if (this.isFull) return text && MASK;
    if (!this.count && !this.shorts.size && !this.signs.size) return text;
    const plain = /[^\0-\x7f]/.test(text) ? text.normalize("NFKC") : text;
    if (this.isHidden(plain)) return MASK;
    const hits = this.find(plain);
    return hits.length ? replaceRuns(plain, hits) : text;
  }

  /** A hit behind escapes has no place in the text as it stands: all of it is masked. */
  private isHidden(text: string): boolean {
    for (const sign of this.signs) if (text.includes(sign)) return true;
    const bare = undoEscapes(text);
    return bare !== text && this.find(bare).length > 0;
  }

  /** Whether any three signs on end begin something: most texts are done with here, and nothing was made for it. */
  private mayHold(text: string): boolean {
    let first = 0;
    let second = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (!isSign(code)) continue;
      const third = code < 128 ? LOWER_CODE[code]! : text[at]!.toLowerCase().charCodeAt(0);
      if (first && this.begins[hashOf(first, second, third)]) return true;
      first = second;
      second = third;
    }
    return false;
  }

  private find(text: string): [from: number, to: number][] {
    const hits = this.mayHold(text) ? this.findNeedles(text) : [];
    if (!this.shorts.size) return hits;
    for (const word of text.matchAll(/[\p{L}\p{N}]+/gu)) {
      const { length } = word[0];
      if (length < NEEDLE_MIN && this.shorts.has(word[0].toLowerCase())) hits.push([word.index, word.index + length - 1]);
    }
    return hits;
  }

  private findNeedles(text: string): [from: number, to: number][] {
    const places: number[] = [];
    let stream = "";
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (!isSign(code)) continue;
      stream += code < 128 ? LOWER[code] : text[at]!.toLowerCase()[0];
      places.push(at);
    }
    const hits: [number, number][] = [];
    for (let at = 0; at + NEEDLE_MIN <= stream.length; at += 1) {
      const key = hash(stream, at);
      if (!this.begins[key]) continue;
      for (const needle of this.needles.get(key) ?? []) {
        if (!stream.startsWith(needle, at)) continue;
        const [from, to] = [places[at]!, places[at + needle.length - 1]!];
        if (needle.length >= SPREAD_MIN || to - from === needle.length - 1) hits.push([from, to]);
      }
    }
    return hits;
  }
}

const LOWER = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code).toLowerCase());
const LOWER_CODE = LOWER.map((sign) => sign.charCodeAt(0));

/** Letters and digits; beyond ASCII every sign counts, so that no script is left out. */
function isSign(code: number): boolean {
  return code >= 128 ? code !== 160 : (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

const squeeze = (text: string): string => [...text].filter((sign) => isSign(sign.charCodeAt(0))).join("");

const hashOf = (first: number, second: number, third: number): number => ((first * 961 + second * 31) * 31 + third) & 0xffff;

const hash = (text: string, at: number): number => hashOf(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2));

/** Widens each hit to the run of signs without white space that it stands in, and masks the runs. */
function replaceRuns(text: string, hits: [number, number][]): string {
  const masked = new Uint8Array(text.length);
  const isSpace = (at: number) => /\s/.test(text[at]!);
  for (let [from, to] of hits) {
    while (from > 0 && !isSpace(from - 1)) from -= 1;
    while (to + 1 < text.length && !isSpace(to + 1)) to += 1;
    masked.fill(1, from, to + 1);
  }
  let written = "";
  for (let at = 0; at < text.length; at += 1) {
    if (!masked[at]) written += text[at];
    else if (!masked[at - 1]) written += MASK;
  }
  return written;
}

/** Hexadecimal, and base64 as it comes out at each of the three places a value can begin, without what neighbours decide. */
function encodings(value: string): string[] {
  const bytes = new TextEncoder().encode(value);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const found = [hex];
  for (let offset = 0; offset < 3; offset += 1) {
    const whole = btoa("\0".repeat(offset) + String.fromCharCode(...bytes));
    const core = whole.slice(offset && offset + 1, Math.floor(((offset + bytes.length) * 8) / 6));
    const needle = squeeze(core.toLowerCase());
    if (needle.length > NEEDLE_MIN) found.push(needle);
  }
  return found;
}

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** Undoes escapes of addresses, HTML, JSON and CSS, as often as they were put on each other, three times at most. */
function undoEscapes(text: string): string {
  let bare = text;
  for (let layer = 0; layer < 3 && /[%&\\+]/.test(bare); layer += 1) {
    bare = bare
      .replace(/(?:%[0-9a-f]{2})+/gi, decodePercent)
      .replace(/\\u\{?([0-9a-f]{4,6})\}?|\\x([0-9a-f]{2})|\\([0-9a-f]{2,6})\s?/gi, (_, u, x, css) =>
        fromCode(Number.parseInt(u ?? x ?? css, 16)),
      )
      .replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));?/gi, (all, hex, decimal, name) =>
        name ? (NAMED[name] ?? all) : fromCode(hex ? Number.parseInt(hex, 16) : Number(decimal)),
      )
      .replace(/\+/g, " ");
  }
  return bare;
}

const fromCode = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : "");

function decodePercent(escapes: string): string {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return unescapeBytes(escapes);
  }
}

/** Bytes that are no UTF-8: an older page's letters, one each. */
const unescapeBytes = (escapes: string): string => escapes.replace(/%(..)/g, (_, hex) => fromCode(Number.parseInt(hex, 16)));
