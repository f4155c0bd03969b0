/** What the veil asks about the page itself, beside what an event says. Answers can only make it stricter. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Page {
  /** The number of the next sibling that was given one, and so on until one is wanted. */
  following(id: number, isWanted: (id: number) => boolean): number | null;
  /** How many of the elements before it beside it are wanted. */
  countBefore(id: number, isWanted: (id: number) => boolean): number;
  /** Where an element is in the window, in CSS pixels. */
  box(id: number): Box | undefined;
  /** How tall all of the page is. */
  height(): number;
  /** The text of a style element's or link's sheet. */
  sheet(id: number): string | undefined;
  /** The style element that a text stands in, if it is one's. */
  styleOf(textId: number): number | undefined;
  /** The `style` attribute as it is. */
  style(id: number): string | undefined;
  /** What is written around a text, in one: a value may stand in pieces. */
  around(textId: number): string | undefined;
  /** Whether no words stand beside a text, as on a key. */
  isAlone(textId: number): boolean;
  /** Whether all of the document can be edited. */
  isDesigned(): boolean;
  /** Whether a page's own element takes part in forms. */
  isFormElement(tag: string): boolean;
  /** Whether the site's owner wants more of this element kept back than the page says. */
  isStarred(id: number): boolean;
  isIgnored(id: number): boolean;
  /** Where a click would tell what was entered: what is said of it instead. */
  zone(id: number): { readonly id: number; readonly x: number; readonly y: number } | undefined;
}
