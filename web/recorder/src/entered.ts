/**
 * Sees what is entered on the page, only to tell the taint filter what to look for and the veil when. It reads every
 * control and every region that takes text, before the page's own code can copy from them; nothing of it is kept here
 * but what was read last.
 */

import { isEditable } from "./dialect";
import { type Taint, VALUE_MAX } from "./taint";

const EVENTS = "beforeinput input change keydown compositionupdate compositionend paste drop pointerdown focusin click";
const CONTROLS = "input,textarea,select";
const REGIONS = "[contenteditable],[role]";
/** Roles of what is written into; lists of choices are not, and may be long. */
const WRITTEN = /\b(?:textbox|searchbox|combobox|spinbutton)\b/i;
/** Of what is typed nowhere in particular so much is put together. */
const RUN_MAX = 64;
/** What stands in a field from the beginning, or where nobody can type, may be a program's own and very long. */
const GIVEN_MAX = 1_024;
/** Keys that go to no field are an entry once they follow on each other. */
const RUN_MS = 2_000;
const CHOICES = /^(?:checkbox|radio)$/;
const BUTTONS = /^(?:submit|button|reset|image)$/;

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export class Entered {
  private readonly controls = new Set<Control>();
  private readonly regions = new Set<Element>();
  private readonly last = new WeakMap<Element, string>();
  private readonly watched = new WeakSet<object>();
  private typed = "";
  private inserted = "";
  private keyAt = Number.NEGATIVE_INFINITY;
  private readonly ends = new AbortController();

  constructor(
    private readonly taint: Taint,
    /** Told of everything that is entered, with the element where that is no control. */
    private readonly heard: (region: Element | undefined) => void,
    /** What is written on the key that was pressed, on a pad of keys. */
    private readonly pressed: (target: Element) => string | undefined,
    /** Runs what must not fail unseen: an entry that was missed could be copied anywhere. */
    private readonly guard: (act: () => void) => void,
  ) {
    this.watch(window);
    this.listen(window, "prompt");
    if (navigator.clipboard) this.listen(navigator.clipboard, "readText");
  }

  /** Texts that a page asks for without a field. */
  private listen<Name extends string>(owner: Partial<Record<Name, (...given: never[]) => unknown>>, name: Name): void {
    const ask = owner[name];
    if (!ask) return;
    const hear = (text: unknown) => {
      if (typeof text !== "string" || this.ends.signal.aborted) return;
      this.guard(() => this.taint.add(text));
      this.heard(undefined);
    };
    owner[name] = (...given: never[]) => {
      const text = ask.apply(owner, given);
      if (text instanceof Promise) text.then(hear, () => undefined);
      else hear(text);
      return text;
    };
  }

  stop(): void {
    this.ends.abort();
    this.controls.clear();
    this.regions.clear();
  }

  /** Reads all that can be found in a document, and in the frames that it may look into. */
  meetAll(root: Document | ShadowRoot): void {
    for (const element of root.querySelectorAll(`${CONTROLS},${REGIONS}`)) this.meet(element);
    for (const frame of root.querySelectorAll("iframe,frame")) this.meetFrame(frame as HTMLIFrameElement);
  }

  meet(node: Node | null): void {
    if (node?.nodeType !== Node.ELEMENT_NODE) return;
    const element = node as Element;
    if (element.matches(CONTROLS)) this.controls.add(element as Control);
    else if (isEditable(element.getAttribute("contenteditable")) || WRITTEN.test(element.getAttribute("role") ?? ""))
      this.regions.add(element);
    else if (/^i?frame$/i.test(element.nodeName)) this.meetFrame(element as HTMLIFrameElement);
  }

  /** Reads what changed since the last time, whether a person or a program changed it. */
  poll(): void {
    for (const control of this.controls) {
      this.readControl(control);
      if (!control.isConnected) this.controls.delete(control);
    }
    for (const region of this.regions) {
      this.readRegion(region);
      if (!region.isConnected) this.regions.delete(region);
    }
    if (document.designMode === "on" && document.body) this.readRegion(document.body);
  }

  private watch(target: Window): void {
    if (this.watched.has(target)) return;
    this.watched.add(target);
    const { signal } = this.ends;
    for (const type of EVENTS.split(" "))
      target.addEventListener(type, (event) => this.guard(() => this.hear(event)), { capture: true, passive: true, signal });
  }

  private meetFrame(frame: HTMLIFrameElement): void {
    try {
      const inside = frame.contentWindow;
      if (!inside?.document || this.watched.has(inside)) return;
      this.watch(inside);
      this.meetAll(inside.document);
      if (inside.document.designMode === "on") this.regions.add(inside.document.body);
      frame.addEventListener("load", () => this.meetFrame(frame), { signal: this.ends.signal });
    } catch {
      // Another origin's: nothing of it can be read here, and nothing of it is sent.
    }
  }

  private hear(event: Event): void {
    const target = event.composedPath()[0];
    const element = (target as Node | undefined)?.nodeType === 1 ? (target as Element) : undefined;
    switch (event.type) {
      case "keydown":
        return this.hearKey(event as KeyboardEvent, element);
      case "pointerdown":
      case "focusin":
        this.inserted = "";
        if (!element || !this.pressed(element)) this.typed = "";
        return;
      case "click": {
        const key = element && this.pressed(element);
        if (key !== undefined) this.type(key, true);
        return;
      }
      case "paste":
      case "drop":
        this.hearData((event as ClipboardEvent).clipboardData ?? (event as DragEvent).dataTransfer);
        return this.heard(undefined);
      case "compositionupdate":
      case "compositionend":
        this.taint.add((event as CompositionEvent).data);
        return this.heard(undefined);
      default:
        return this.hearInput(event as InputEvent, element);
    }
  }

  private hearKey(event: KeyboardEvent, element: Element | undefined): void {
    const { key, ctrlKey, metaKey, altKey } = event;
    // Some signs are typed with the very keys that shortcuts are made of.
    const isShortcut = (ctrlKey || metaKey || altKey) && !event.getModifierState("AltGraph");
    if (key === "Enter" || key === "Tab") this.typed = this.inserted = "";
    else if (key === "Backspace" || key === "Delete") {
      this.typed = this.typed.slice(0, -1);
      this.heard(undefined);
    } else if (!isShortcut && [...(key ?? "")].length === 1) {
      const isRun = event.timeStamp - this.keyAt < RUN_MS;
      this.keyAt = event.timeStamp;
      this.type(
        key,
        isRun || element?.matches(CONTROLS) === true || (element as HTMLElement | undefined)?.isContentEditable === true,
      );
    }
  }

  private type(sign: string, isEntry: boolean): void {
    this.typed = (this.typed + sign).slice(-RUN_MAX);
    if (this.typed.length > 2) this.taint.add(this.typed);
    if (isEntry) this.heard(undefined);
  }

  private hearData(data: DataTransfer | null): void {
    if (!data) return;
    this.taint.add(data.getData("text/plain"));
    for (const { name } of data.files) this.addFile(name);
  }

  private hearInput(event: InputEvent, element: Element | undefined): void {
    if (event.data) {
      if (event.type === "beforeinput") this.inserted = (this.inserted + event.data).slice(-RUN_MAX);
      this.taint.add(event.data);
      this.taint.add(this.inserted);
    }
    this.hearData(event.dataTransfer ?? null);
    const isControl = element?.matches(CONTROLS);
    if (isControl && element) {
      this.controls.add(element as Control);
      this.readChoice(element as Control);
    }
    // A program may say "input" of anything; a person's keys, or an element of the page's own, mean a place to write.
    const isRegion = !isControl && event.type !== "change" && (event.isTrusted || element?.nodeName.includes("-"));
    const region = isRegion ? element : undefined;
    if (region) this.regions.add(region);
    this.poll();
    // What a program says of its own elements, a slide that changed, was entered by nobody.
    if (event.isTrusted || isControl || region) this.heard(region);
  }

  /** What a person chose of what the page offered. */
  private readChoice(control: Control): void {
    if (control instanceof HTMLInputElement && CHOICES.test(control.type)) this.taint.add(control.value);
    for (const label of control.labels ?? []) if (control.type === "radio") this.taint.add(label.textContent?.trim() ?? "");
  }

  private readControl(control: Control): void {
    const { type } = control;
    if (CHOICES.test(type)) return;
    const value = control.value;
    const isFirst = !this.last.has(control);
    if (this.last.get(control) === value) return;
    this.last.set(control, value);
    if (control.nodeName === "SELECT") {
      // The first of a list stands there unless somebody chose.
      const { selectedOptions, selectedIndex } = control as HTMLSelectElement;
      if (isFirst && selectedIndex <= 0) return;
      for (const { text } of selectedOptions) this.taint.add(text);
      this.taint.add(value);
    } else if (type === "file") {
      for (const { name } of (control as HTMLInputElement).files ?? []) this.addFile(name);
    } else if (type === "hidden") this.addValue(value.slice(0, GIVEN_MAX), isFirst);
    else if (!(isFirst && BUTTONS.test(type))) {
      this.addValue(value, isFirst);
      if (isFirst) this.addValue((control as HTMLInputElement).defaultValue, true);
    }
  }

  /** A sign or two that nobody entered, as in many a hidden field, are in every text. */
  private addValue(value: string, isFirst: boolean): void {
    if (!isFirst || value.length > 2) this.taint.add(isFirst ? value.slice(0, GIVEN_MAX) : value);
  }

  private readRegion(region: Element): void {
    const text = (region.textContent ?? "").slice(0, VALUE_MAX + 1);
    if (this.last.get(region) === text) return;
    this.last.set(region, text);
    this.taint.add(text.trim());
    // Words of neighbouring lines run together in the whole.
    for (const line of region.children) {
      if (line.childElementCount || region.childElementCount > 1) this.readRegion(line);
    }
  }

  private addFile(name: string): void {
    this.taint.add(name);
    this.taint.add(name.replace(/\.[^.]*$/, ""));
  }
}
