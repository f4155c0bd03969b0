/**
 * Looks for something secret in whatever was sent, stored or logged, in every form that it may have been given on the
 * way. It must find each of them: a search that overlooks one proves nothing, so the forms are tested by themselves.
 */

import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";

/** Something to look through. */
export interface Hay {
  readonly where: string;
  readonly bytes: Buffer;
  /** Random by nature (ids, compressed bytes): only the whole secret is looked for, not its beginnings. */
  readonly isRandom?: boolean;
}

export interface Find {
  readonly where: string;
  readonly form: string;
  readonly around: string;
}

/** The shortest beginning that is looked for. */
export const PREFIX_MIN = 3;

/** A secret whose beginnings stand in no language and in no style sheet. */
export function makeCanary(): string {
  const pick = (signs: string) => signs[Math.floor(Math.random() * signs.length)];
  const start = `${pick("zq")}${pick("xj")}${pick("kw")}`;
  return start + Array.from({ length: 8 }, () => pick("bcdfghjkmnpqrtvwxz2345679")).join("");
}

export function find(hays: readonly Hay[], secret: string): Find[] {
  return new Haystack(hays).find(secret);
}

/** Hays that are looked through for many secrets: read once, in every way that they can be read. */
export class Haystack {
  private readonly texts: readonly HayText[];

  constructor(hays: readonly Hay[]) {
    this.texts = hays.flatMap((hay) => hayTexts(hay).map((text) => ({ ...text, folded: text.text.toLowerCase(), isRandom: hay.isRandom ?? false })));
  }

  find(secret: string): Find[] {
    const forms = formsOf(secret);
    const all = [...forms, ...beginningsOf(secret)];
    return this.texts.flatMap((text) => lookThrough(text, text.isRandom ? forms : all));
  }

  /** Where all of the secret is, and not only what it may have in common with another. */
  findWhole(secret: string): Find[] {
    const forms = formsOf(secret);
    return this.texts.flatMap((text) => lookThrough(text, forms));
  }
}

interface HayText {
  readonly where: string;
  readonly text: string;
  readonly folded: string;
  readonly isRandom: boolean;
}

type Form = readonly [name: string, needle: string];

function lookThrough({ where, text, folded }: HayText, forms: readonly Form[]): Find[] {
  return forms.flatMap(([form, needle]) => {
    const at = folded.indexOf(needle.toLowerCase());
    return at < 0 ? [] : [{ where, form, around: text.slice(Math.max(0, at - 80), at + needle.length + 40) }];
  });
}

/** The bytes as text, as UTF-16, and unpacked where they are packed. */
function hayTexts({ where, bytes }: Hay): { where: string; text: string }[] {
  const texts = [
    { where, text: bytes.toString("utf8") },
    { where: `${where} (latin-1)`, text: bytes.toString("latin1") },
    { where: `${where} (UTF-16)`, text: bytes.toString("utf16le") },
  ];
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) texts.push(...hayTexts({ where: `${where} (unpacked)`, bytes: gunzipSync(bytes) }));
  return texts;
}

function formsOf(secret: string): Form[] {
  const reversed = [...secret].reverse().join("");
  const forms: Form[] = [];
  for (const [name, text] of [["plain", secret], ["upper case", secret.toUpperCase()], ["reversed", reversed]] as const) {
    forms.push([name, text], [`${name}, escaped for addresses`, encodeURIComponent(text)], [`${name}, all of it escaped`, percentAll(text)]);
    forms.push([`${name}, escaped for HTML`, htmlAll(text)], [`${name}, escaped for JSON`, jsonAll(text)]);
    for (const [code, encoding] of [["UTF-8", "utf8"], ["UTF-16", "utf16le"]] as const) {
      const bytes = Buffer.from(text, encoding);
      forms.push([`${name}, ${code} in hexadecimal`, bytes.toString("hex")]);
      for (let offset = 0; offset < 3; offset += 1) forms.push([`${name}, ${code} in base64 at ${offset}`, base64At(bytes, offset)]);
    }
    for (const kind of ["md5", "sha1", "sha256"]) {
      const digest = createHash(kind).update(text).digest();
      forms.push([`${name}, ${kind}`, digest.toString("hex")], [`${name}, ${kind} in base64`, digest.toString("base64").slice(0, 20)]);
    }
  }
  return forms;
}

function beginningsOf(secret: string): Form[] {
  const lengths = Array.from({ length: secret.length - PREFIX_MIN }, (_, index) => PREFIX_MIN + index);
  return lengths.map((length) => [`its first ${length}`, secret.slice(0, length)] as const);
}

const percentAll = (text: string): string => Buffer.from(text).toString("hex").replace(/../g, "%$&");
const htmlAll = (text: string): string => [...text].map((sign) => `&#${sign.codePointAt(0)};`).join("");
const jsonAll = (text: string): string => [...text].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

/** What of the base64 form does not depend on what stands before and after. */
function base64At(bytes: Buffer, offset: number): string {
  const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
  return whole.slice(offset && offset + 1, Math.floor(((offset + bytes.length) * 8) / 6));
}
