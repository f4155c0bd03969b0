/**
 * What the page's owner wrote on the snippet. The script cannot ask the server for the site's settings without a
 * second request, so they travel as attributes; the server enforces them whatever stands here.
 */

const script = document.currentScript as HTMLScriptElement;

const attributes = script.dataset as {
  /** The site's domain; several are separated by commas. Absent, the server takes the page's host. */
  readonly site?: string;
  /** Where events go, if not to the server the script came from. */
  readonly api?: string;
  /** How a visitor is known. Anything but the other two means `consent`. */
  readonly identity?: "consent" | "cookieless" | "always";
  /** `ignore`: measure also under GPC and DNT. */
  readonly signals?: string;
  /** Present where the `#fragment` is part of the page's path. */
  readonly hash?: string;
  /** Present on a page that stands for one that was not found. */
  readonly 404?: string;
  /** Present where visits may be recorded; the server's settings decide whether they are. */
  readonly recording?: string;
};

export const { site, identity, signals } = attributes;
export const isHashRouted = "hash" in attributes;
export const isNotFound = "404" in attributes;
/** Brings the recorder, which reads what stands on the snippet from its own element. */
export function loadRecorder(): void {
  if (!("recording" in attributes)) return;
  const recorder = document.createElement("script");
  Object.assign(recorder.dataset, attributes);
  recorder.src = new URL("r.js", script.src) as never;
  recorder.nonce = script.nonce;
  script.after(recorder);
}

export const endpoint = attributes.api || new URL("/api/event", script.src);
