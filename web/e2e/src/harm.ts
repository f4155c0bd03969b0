/**
 * Sees whatever a page does that it should not: a hostile string that runs, asks, navigates, breaks the policy or calls
 * another host; and anything the console complains of.
 */

import type { Page } from "playwright-core";

/** What a hostile string that became a script would call, `trip()`, and the browser's own reports on the policy. */
const ALARMS = `
  window.trip = () => console.info("ALARM ran");
  addEventListener("securitypolicyviolation", (event) => console.info("ALARM policy " + event.effectiveDirective + " " + event.blockedURI));
`;
const ALARM = "ALARM ";

export type HarmKind = "ran" | "policy" | "dialog" | "elsewhere" | "navigated" | "frame";

export interface Harm {
  kind: HarmKind;
  detail: string;
}

export class Watch {
  readonly harm: Harm[] = [];
  /** Errors and warnings of the console, and errors nobody caught. */
  readonly complaints: string[] = [];

  private constructor(private readonly origin: string) {}

  /** Watches a page that has not been anywhere yet and belongs on this origin. */
  static async over(page: Page, origin: string): Promise<Watch> {
    const watch = new Watch(origin);
    await page.addInitScript({ content: ALARMS });
    page.on("console", (message) => watch.hear(message.type(), message.text()));
    page.on("pageerror", (error) => watch.complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      watch.note("dialog", dialog.message());
      void dialog.dismiss();
    });
    page.on("request", (request) => watch.follow(request.url()));
    page.on("frameattached", (frame) => watch.note("frame", frame.url()));
    page.on("framenavigated", (frame) => {
      if (frame === page.mainFrame() && !watch.isOwn(frame.url())) watch.note("navigated", frame.url());
    });
    return watch;
  }

  private hear(type: string, text: string): void {
    if (text.startsWith(ALARM)) {
      const [kind, ...detail] = text.slice(ALARM.length).split(" ");
      this.note(kind as HarmKind, detail.join(" "));
    } else if (type === "error" || type === "warning") this.complaints.push(text);
  }

  private follow(url: string): void {
    if (!this.isOwn(url)) this.note("elsewhere", url);
  }

  private isOwn(url: string): boolean {
    return url.startsWith(`${this.origin}/`) || /^(about|data|blob):/.test(url);
  }

  private note(kind: HarmKind, detail: string): void {
    this.harm.push({ kind, detail });
  }
}
