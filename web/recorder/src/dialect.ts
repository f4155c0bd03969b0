/**
 * The dialect as the gate reads it too (`fixtures/recording/dialect.json`, `docs/recordings.md`): what may stand in a
 * recording. Nothing here decides by itself; a name that is not in the file has no grammar and is dropped.
 */

import file from "../../../fixtures/recording/dialect.json";

export const MASK = file.mask;
export const LIMITS = file.limits;
export const CUSTOM: ReadonlySet<string> = new Set(file.custom);
export const INPUT_TYPES: ReadonlySet<string> = new Set(file.input_types);

const forms = new Set(file.form_tags);
const roles = new Set(file.form_roles);
const dropped = new Set(file.dropped_tags);
const boxed = new Set(file.boxed_tags);
const boxAttributes = new Set(file.boxed_attributes);
type Grammars = Readonly<Record<string, string>>;
const byTag = file.attributes as Readonly<Record<string, Grammars>>;
const bySvg = file.svg_attributes as Grammars;

/** What a component's styles know its elements by. */
const SCOPE = new RegExp(`^${file.scopes}[\\da-f]{8}$`);

export const isFormTag = (tag: string): boolean => forms.has(tag);
export const isDropped = (tag: string): boolean => dropped.has(tag);
export const isBox = (tag: string): boolean => boxed.has(tag);

/** Several roles may be named; one that takes text is enough. */
export const isFormRole = (role: unknown): boolean =>
  typeof role === "string" &&
  role
    .toLowerCase()
    .split(/\s+/)
    .some((one) => roles.has(one));

/** Whatever is not plainly "false" may be editable: a word that a browser does not know it may learn. */
export const isEditable = (value: unknown): boolean => typeof value === "string" && value.toLowerCase() !== "false";

export interface Place {
  readonly tag: string;
  readonly isSvg: boolean;
  readonly isBox: boolean;
}

/** The grammar for the value of an attribute there; undefined where the attribute may not stand. */
export function grammarOf({ tag, isSvg, isBox }: Place, name: string): string | undefined {
  if (isBox && !boxAttributes.has(name)) return undefined;
  return (
    own(byTag[tag], name) ??
    (isSvg ? own(bySvg, name) : undefined) ??
    own(byTag["*"], name) ??
    (SCOPE.test(name) ? "flag" : undefined)
  );
}

/** Never what an object inherits: a page may name an attribute `constructor`. */
function own(grammars: Grammars | undefined, name: string): string | undefined {
  return grammars && Object.hasOwn(grammars, name) ? grammars[name] : undefined;
}
