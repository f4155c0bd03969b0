/**
 * Where a recording shows by design what the page did not: over masks (form positions, texts of one sign or two), over boxes
 * (pictures, films, canvases, frames), over shapes of other files and over pictures that a style brings. The same rectangles are laid over page and replay before they are compared.
 */

import type { Page } from "playwright-core";
import dialect from "../../../../fixtures/recording/dialect.json" with { type: "json" };

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

const tags = [...dialect.form_tags, ...dialect.boxed_tags];
const roles = dialect.form_roles.map((role) => `[role~=${role}]`);
const SELECTOR = [...tags, ...roles, "[contenteditable]:not([contenteditable=false])", "use:not([href^='#'],[*|href^='#'])"].join(",");

// As text: what turns TypeScript into functions leaves marks in them that no page knows.
const FIND = `(() => {
  const pictured = (style) => [style.backgroundImage, style.maskImage, style.borderImageSource, style.listStyleImage, style.content]
    .some((value) => /(?:url|image-set)\\((?!["']?#)/.test(value ?? ""));
  const found = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      const isKept = element.matches(${JSON.stringify(SELECTOR)});
      if (!isKept && ![null, "::before", "::after"].some((part) => pictured(getComputedStyle(element, part)))) continue;
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const { x, y, width, height } = element.getBoundingClientRect();
      if (width && height) found.push({ x, y, width, height });
    }
  };
  walk(document);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const signs = texts.currentNode.data.replace(/\\s+/g, "").length;
    if (signs < 1 || signs > 2) continue;
    range.selectNodeContents(texts.currentNode);
    for (const { x, y, width, height } of range.getClientRects()) found.push({ x, y, width, height });
  }
  return found;
})()`;

export function findRectangles(page: Page): Promise<Rectangle[]> {
  return page.evaluate<Rectangle[]>(FIND);
}
