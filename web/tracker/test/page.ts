/**
 * A measured page in jsdom, with the built script on it. Clock, timers, randomness, network and layout are the
 * test's; everything else is the document's own.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DOMWindow, JSDOM, ResourceLoader } from "jsdom";

const built = (name: string) => readFileSync(join(import.meta.dirname, "../dist", name));
const scripts: Record<string, Buffer> = { "c.js": built("c.js"), "i.js": built("i.js") };

/** What a test can put before the script runs. */
export interface Scene {
  url?: string;
  referrer?: string;
  /** Attributes of the snippet. */
  snippet?: string;
  head?: string;
  body?: string;
  before?: (window: DOMWindow) => void;
  hidden?: boolean;
  /** Whether the page knows its visitors: the script for that comes before the tracker, with the same attributes. */
  knows?: boolean;
  /** Statuses that the server answers with, in turn; 0 is a network that fails. 202 from then on. */
  answers?: number[];
}

export interface Sent {
  url: string;
  init: RequestInit;
  body: Record<string, unknown>;
}

export const NOW = Date.UTC(2026, 10, 22, 12);
/** What the server gives a visitor who consents. */
export const RECEIPT = "5e1f0c52-9d3a-4b7e-8c66-0a1b2c3d4e5f";
export const EVENT_ID = "01234567-89ab-4cde-8f01-23456789abcd";

class OneScript extends ResourceLoader {
  override fetch(url: string) {
    const script = scripts[url.split("/").pop()!];
    return script ? (Promise.resolve(script) as ReturnType<ResourceLoader["fetch"]>) : null;
  }
}

export class Page {
  readonly sent: Sent[] = [];
  readonly window: DOMWindow;
  hidden: boolean;
  focused = true;
  status = 200;
  private now = 0;
  private timers: { at: number; run: () => void }[] = [];
  private readonly answers: number[];

  private constructor(scene: Scene) {
    this.hidden = scene.hidden ?? false;
    this.answers = scene.answers ?? [];
    const { url = "https://example.com/", referrer, head = "", body = "" } = scene;
    const attributes = scene.snippet ?? 'data-site="example.com"';
    const known = scene.knows ? `<script defer ${attributes} src="https://candor.test/i.js"></script>` : "";
    const dom = new JSDOM(
      `<!doctype html><html><head>${head}${known}<script defer ${attributes} src="https://candor.test/c.js"></script></head><body>${body}</body></html>`,
      {
        url,
        ...(referrer && { referrer }),
        runScripts: "dangerously",
        pretendToBeVisual: true,
        resources: new OneScript(),
        beforeParse: (window) => {
          this.furnish(window);
          scene.before?.(window);
        },
      },
    );
    this.window = dom.window;
  }

  static async open(scene: Scene = {}): Promise<Page> {
    const page = new Page(scene);
    await new Promise((loaded) => page.window.addEventListener("load", loaded));
    return page;
  }

  get bodies() {
    return this.sent.map((sent) => sent.body);
  }

  get names() {
    return this.bodies.map((body) => body.n);
  }

  get last() {
    return this.bodies.at(-1)!;
  }

  candor(...command: unknown[]): void {
    this.window.candor(...command);
  }

  /** Lets time pass, runs the timers that fall due and waits until what they started has settled. */
  async pass(ms: number): Promise<void> {
    await settle();
    const end = this.now + ms;
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers.splice(this.timers.indexOf(due), 1);
      this.now = due.at;
      due.run();
      await settle();
    }
    this.now = end;
  }

  scrollTo(top: number): void {
    this.window.document.documentElement.scrollTop = top;
    this.window.document.dispatchEvent(new this.window.Event("scroll", { bubbles: true }));
  }

  setHeight(height: number): void {
    define(this.window.document.documentElement, "scrollHeight", () => height);
  }

  setHidden(hidden: boolean): void {
    this.hidden = hidden;
    this.window.document.dispatchEvent(new this.window.Event("visibilitychange", { bubbles: true }));
  }

  setFocused(focused: boolean): void {
    this.focused = focused;
    this.window.dispatchEvent(new this.window.Event(focused ? "focus" : "blur"));
  }

  hear(event: string, init: object = {}): void {
    this.window.dispatchEvent(Object.assign(new this.window.Event(event), init));
  }

  click(selector: string, type = "click", init: MouseEventInit = {}): void {
    const event = new this.window.MouseEvent(type, { bubbles: true, composed: true, cancelable: true, ...init });
    const { document } = this.window;
    const target = document.querySelector(selector)!;
    // jsdom cannot navigate; where a link or a form would lead is not what is looked at.
    const stay = (event: Event) => event.preventDefault();
    if (target.closest("a")) document.addEventListener(type, stay, { once: true });
    document.addEventListener("submit", stay, { once: true });
    target.dispatchEvent(event);
  }

  private furnish(window: DOMWindow): void {
    let nibble = 0;
    window.crypto.getRandomValues = ((bytes: Uint8Array) => bytes.fill((nibble++ % 30) % 16)) as typeof window.crypto.getRandomValues;
    window.Date.now = () => NOW + this.now;
    window.Math.random = () => 0;
    window.performance.now = () => 1 + this.now;
    window.performance.getEntriesByType = () => [{ responseStatus: this.status }] as unknown as PerformanceEntryList;
    const soon = window.setTimeout;
    // jsdom's own history moves by timers of no length.
    window.setTimeout = ((run: () => void, after: number) =>
      after ? this.timers.push({ at: this.now + after, run }) : soon(run, 0)) as typeof window.setTimeout;
    window.fetch = ((url: string | URL, init: RequestInit) => {
      this.sent.push({ url: String(url), init, body: JSON.parse(init.body as string) });
      const status = this.answers.shift() ?? 202;
      return status ? Promise.resolve({ status, json: async () => ({ receipt: RECEIPT }) }) : Promise.reject(new TypeError("Failed to fetch"));
    }) as typeof window.fetch;
    define(window, "screen", () => ({ width: 1920, height: 1080 }));
    define(window.document, "hidden", () => this.hidden);
    window.document.hasFocus = () => this.focused;
    // Every element has a viewport of 800 pixels and, until a test says otherwise, the page is 1,600 high.
    define(window.Element.prototype, "clientHeight", () => 800);
    define(window.Element.prototype, "scrollHeight", () => 1_600);
    define(window.document, "scrollingElement", () => window.document.documentElement);
  }
}

function define(target: object, name: string, get: () => unknown): void {
  Object.defineProperty(target, name, { configurable: true, get });
}

/** Lets every promise that is ready run. */
function settle(): Promise<void> {
  return new Promise((settled) => setImmediate(settled));
}
