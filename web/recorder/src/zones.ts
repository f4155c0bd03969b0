/**
 * Where a click by itself tells what was entered: a pad of keys, a picture that is one, a choice of several, a slider.
 * There the recording says only that something was pressed, in the middle of the whole.
 */

/** From so many keys on a group of them is a pad: a telephone's has ten, a month's days thirty. */
const KEYS_MIN = 9;
const KEY_SIGNS_MAX = 2;
/** A program that is shown in colours has these many times; a pad has each once. */
const PUNCTUATION = /^[.,:;(){}[\]<>=+*/&|!?'"`-]+$/;
const LEVELS = 4;
const NODES_MAX = 300;
/** How long a look is good for: the pointer asks for every place that it passes. */
const LOOK_MS = 2_000;
const PICTURES = "canvas,iframe,frame,object,embed,applet";
const CHOICES =
  "input[type=radio],input[type=checkbox],[role=radio],[role=checkbox],[role=switch],[role=option],[role=menuitemradio],[role=menuitemcheckbox]";
const GROUPS = "fieldset,[role=radiogroup],[role=group],[role=listbox],[role=menu],form";
const FIELDS = "input,select,textarea,meter,progress,[role=slider],[role=spinbutton]";
const BUTTONS = /^(?:submit|button|reset|image)$/;

export class Zones {
  private readonly looks = new WeakMap<Element, { at: number; zone: Element | undefined }>();

  /** The zone that an element is in; undefined where a click tells nothing but where it was. */
  of(element: Element): Element | undefined {
    const known = this.looks.get(element);
    const now = performance.now();
    if (known && now - known.at < LOOK_MS) return known.zone;
    const zone = element.closest(PICTURES) ?? choiceOf(element) ?? fieldOf(element) ?? padOf(element);
    this.looks.set(element, { at: now, zone });
    return zone;
  }
}

/** All of the choices together; where nothing says which these are, some way up. */
function choiceOf(element: Element): Element | undefined {
  const label = element.closest("label");
  const labelled = label?.control?.matches(CHOICES) ? label.control : undefined;
  const choice = element.closest(CHOICES) ?? labelled;
  if (!choice) return undefined;
  return choice.closest(GROUPS) ?? choice.parentElement?.parentElement ?? choice.parentElement ?? choice;
}

function fieldOf(element: Element): Element | undefined {
  const field = element.closest(FIELDS);
  return field && BUTTONS.test((field as HTMLInputElement).type) ? undefined : (field ?? undefined);
}

/** The nearest group of keys that an element is in: many small things with a sign or two on each. */
function padOf(element: Element): Element | undefined {
  let at: Element | null = element;
  for (let level = 0; at && level <= LEVELS; level += 1) {
    const inside: HTMLCollectionOf<Element> = at.getElementsByTagName("*");
    if (inside.length > NODES_MAX) return undefined;
    const keys = new Set<Element | string>();
    for (const one of inside) if (isKey(one)) keys.add(PUNCTUATION.test(labelOf(one)) ? labelOf(one) : one);
    if (keys.size >= KEYS_MIN) return at;
    at = at.parentElement;
  }
  return undefined;
}

function isKey(element: Element): boolean {
  const signs = element.childElementCount > 0 ? 0 : labelOf(element).length;
  return signs > 0 && signs <= KEY_SIGNS_MAX;
}

/** What a person reads on it, or hears of it where it is a picture. */
function labelOf(element: Element): string {
  const written = element.textContent || element.getAttribute("alt") || element.getAttribute("aria-label");
  return (written || (BUTTONS.test((element as HTMLInputElement).type) && (element as HTMLInputElement).value) || "").trim();
}

/** What is written on a key of a pad. */
export function keyOf(element: Element): string | undefined {
  return padOf(element) && labelOf(element).slice(0, KEY_SIGNS_MAX);
}
