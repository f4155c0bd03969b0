/**
 * What a click says by itself: an element marked with `data-candor-event`, a download, a link out of the site.
 * One click is one event; a mark speaks for everything inside it.
 */

import { send } from "./delivery";

/** What a link to one of these is told as: a download. The recorder marks by the same list. */
export const FILE =
  /\.(7z|apk|avi|bin|bz2|csv|deb|dmg|docx?|epub|exe|gz|iso|jar|key|m4a|mov|mp[34]|mpe?g|msi|od[pst]|ogg|pdf|pkg|pp[st]x?|rar|rpm|rtf|tar|tgz|txt|wav|webm|wm[av]|xlsx?|xz|zip)$/i;
const MARK = "data-candor-prop-";

/** Reads a `click`, `auxclick` or `submit`. */
export function readClick(event: Event): void {
  const path = event.composedPath() as HTMLElement[];
  // Only links that lead to a host: no `mailto:`, no `javascript:`, nor other elements with an address.
  const link = (path as HTMLAnchorElement[]).find((element) => element.href && element.host);
  // The middle button opens links and does nothing else.
  if ((event as MouseEvent).button > (link ? 1 : 0)) return;
  const isSubmit = event.type == "submit";
  const marked = path.find((element) => element.dataset?.candorEvent && (element.tagName == "FORM") == isSubmit);
  if (marked) {
    const p: Record<string, string> = {};
    for (const { name, value } of marked.attributes) {
      if (name.startsWith(MARK)) p[name.slice(MARK.length)] = value;
    }
    send({ n: marked.dataset.candorEvent!, p });
  } else if (link) {
    // Without query and fragment: they may carry what is nobody's business.
    const p = { url: link.origin + link.pathname };
    if (FILE.test(link.pathname) || link.hasAttribute("download")) send({ n: "File Download", p });
    else if (link.host != location.host) send({ n: "Outbound Link: Click", p });
  }
}
