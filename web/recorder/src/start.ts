/**
 * A recording of one page, from the question whether there may be one to its end. In every doubt there is none: a
 * setting that is not understood, a selector that is none, a server that does not answer, anything that throws.
 */

import { Capture, type MakeVeil } from "./capture";
import { hearEvents } from "./events";
import { randomId } from "./ids";
import { canPack, Packer } from "./pack";
import { type CleanEvent, Kind, Source } from "./raw";
import { askSettings, type OwnerOptions, readOptions, type Settings } from "./settings";
import { Tab } from "./tab";
import { type Reply, Transport } from "./transport";

const PAGE_BYTES = 8;
/** Between two errors that are told. */
const ERROR_MS = 1_000;
/** What a person does, by source; changes of the page by itself are none. */
const ACTS = new Set<number>([
  Source.MouseMove,
  Source.MouseInteraction,
  Source.Scroll,
  Source.Input,
  Source.TouchMove,
  Source.Drag,
]);

/** What the tracker's own modules say, so that both scripts keep one set of rules. */
export interface Tracker {
  readonly site: string | undefined;
  readonly endpoint: string | URL;
  readonly attributes: DOMStringMap;
  readonly isSilent: () => unknown;
  readonly visitorId: () => string | undefined;
}

export async function start(tracker: Tracker, make: MakeVeil): Promise<void> {
  const options = readOptions(tracker.attributes);
  const site = (tracker.site ?? location.hostname).split(",")[0]!.trim();
  if (!options || !canPack() || tracker.isSilent()) return;
  const endpoint = new URL("recording", new URL(tracker.endpoint, location.href));
  const settings = await askSettings(new URL("recording/settings", endpoint), site);
  if (!settings || tracker.isSilent() || (settings.isHonouring && isSignalled())) return;
  const tab = Tab.open(settings.sample, Date.now(), tracker.visitorId() !== undefined);
  if (tab.isDrawn) new Recording(tracker, site, endpoint, settings, options, tab, make);
}

/** Also where the snippet says that signals are to be ignored: the server's word must say the same. */
function isSignalled(): boolean {
  const { globalPrivacyControl, doNotTrack } = navigator as Navigator & { globalPrivacyControl?: boolean };
  return globalPrivacyControl === true || doNotTrack === "1";
}

class Recording {
  private readonly packer: Packer;
  private readonly transport: Transport;
  private readonly capture: Capture;
  private readonly ends = new AbortController();
  private actedAt = Date.now();
  private failedAt = 0;
  private isPaused = false;
  private address = location.origin;
  private isOver = false;

  constructor(
    private readonly tracker: Tracker,
    private readonly site: string,
    private readonly endpoint: URL,
    private readonly settings: Settings,
    options: OwnerOptions,
    private tab: Tab,
    make: MakeVeil,
  ) {
    this.packer = new Packer(settings.sheets);
    this.transport = new Transport({
      post: (body, keepalive) => this.post(body, keepalive),
      pack: (text) => this.packer.pack(text),
      head: () => this.head(),
      pageId: () => randomId(PAGE_BYTES),
      isSilent: () => Boolean(tracker.isSilent() || (settings.isHonouring && isSignalled())),
      askedForSnapshot: () => {
        this.packer.forgetSheets();
        this.capture.snapshot();
      },
      stopped: () => this.stop(),
    });
    this.capture = new Capture(
      { ...options, isClear: settings.isClear, keep: (event) => this.keep(event), failed: () => this.transport.stop() },
      make,
    );
    if (this.isOver) this.capture.stop();
    else this.listen();
  }

  private listen(): void {
    const on = (type: string, hear: (event: Event) => unknown) =>
      addEventListener(type, hear, { capture: true, signal: this.ends.signal });
    // A picture that does not load is no error of a program.
    on("error", (event) => event instanceof ErrorEvent && this.markError());
    on("unhandledrejection", () => this.markError());
    on("visibilitychange", () => {
      this.capture.mark(document.hidden ? "hidden" : "shown");
      if (document.hidden) this.transport.tail(false);
    });
    on("pagehide", () => {
      this.capture.mark("left");
      this.transport.tail(true);
    });
    on("pageshow", (event) => {
      if ((event as PageTransitionEvent).persisted) this.beginAnew();
    });
    hearEvents((name) => this.capture.mark("event", String(name)), on);
  }

  /** A program that fails at every key would tell of each. */
  private markError(): void {
    const now = Date.now();
    if (now - this.failedAt < ERROR_MS) return;
    this.failedAt = now;
    this.capture.mark("error");
  }

  /** What passed the veil is kept for sending, unless nobody does anything or the recording is long enough. */
  private keep(event: CleanEvent): void {
    const now = Date.now();
    if (event.type === Kind.Meta) this.address = (event.data as { href: string }).href;
    if (isAct(event)) {
      const wasPaused = this.isPaused;
      this.isPaused = false;
      this.actedAt = now;
      if (this.tab.isOver(now)) return this.beginAnew();
      this.tab.touch(now, this.tracker.visitorId() !== undefined);
      if (wasPaused) return this.capture.snapshot();
    }
    if (now - this.tab.since >= this.settings.lengthMs) return this.transport.stop();
    this.isPaused ||= now - this.actedAt >= this.settings.idleMs;
    if (!this.isPaused) this.transport.add(event);
  }

  /** The same document, as another page of a recording: a new one where the visit is another. */
  private beginAnew(): void {
    const now = Date.now();
    const mayStore = this.tracker.visitorId() !== undefined;
    this.transport.begin();
    if (this.tab.isOver(now)) this.tab = Tab.open(this.settings.sample, now, mayStore);
    else this.tab.touch(now, mayStore);
    this.actedAt = now;
    if (this.tab.isDrawn) this.capture.snapshot();
    else this.transport.stop();
  }

  /** The address is the one that was last told in an event: it must not say more here than there. */
  private head() {
    return {
      d: this.site,
      u: this.address,
      visitor: this.tracker.visitorId(),
      r: this.tab.id,
    };
  }

  /** No header that would need a preflight, and none that carries the page's address with what was searched for. */
  private async post(body: ArrayBuffer | string, keepalive: boolean): Promise<Reply> {
    const answer = await fetch(this.endpoint, {
      method: "POST",
      body: new Blob([body], { type: "text/plain" }),
      keepalive,
      credentials: "omit",
      referrerPolicy: "origin",
    });
    const retry = Number(answer.headers.get("retry-after"));
    return {
      status: answer.status,
      body: await answer.json().catch(() => ({})),
      ...(retry > 0 && { retryAfterMs: retry * 1_000 }),
    };
  }

  private stop(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.ends.abort();
    this.capture?.stop();
    this.packer.stop();
  }
}

function isAct({ type, data }: CleanEvent): boolean {
  return type === Kind.Change && ACTS.has((data as { source: number }).source);
}
