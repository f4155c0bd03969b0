/**
 * Hears which events the page sends by the tracker: those that its own program names, those that a click or a form is
 * marked with, and those of links out of the site or to files, which tell no address here. The tracker knows nothing of
 * it, and what the page calls does as before.
 */

import { FILE } from "../../tracker/src/clicks";

type Candor = (...command: [what: string, name: string, ...more: unknown[]]) => void;

export function hearEvents(named: (name: string) => void, on: (type: string, hear: (event: Event) => unknown) => void): void {
  const page = window as { candor?: Candor };
  const { candor } = page;
  try {
    if (candor) {
      const heard: Candor = (...command) => {
        candor(...command);
        if (command[0] === "event") named(command[1]);
      };
      page.candor = Object.assign(heard, candor);
    }
  } catch {
    // A page that keeps its own hands on it is recorded all the same.
  }
  const hear = (event: Event) => {
    const path = event.composedPath() as HTMLAnchorElement[];
    const link = path.find(({ href, host }) => href && host);
    if ((event as MouseEvent).button > (link ? 1 : 0)) return;
    const isSubmit = event.type === "submit";
    const marked = path.find(({ dataset, tagName }) => dataset?.candorEvent && (tagName === "FORM") === isSubmit);
    const name = marked ? marked.dataset.candorEvent : link && nameOf(link);
    if (name) named(name);
  };
  for (const type of ["click", "auxclick", "submit"]) on(type, hear);
}

function nameOf(link: HTMLAnchorElement): string | undefined {
  if (FILE.test(link.pathname) || link.hasAttribute("download")) return "File Download";
  return link.host === location.host ? undefined : "Outbound Link: Click";
}
