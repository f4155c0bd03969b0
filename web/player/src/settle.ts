/**
 * Makes a page fit to be shown in its whole height: what moves has come to its end, and what is as high as the window stays as high
 * as the visitor's was. Only the values of styles are rewritten, after they were built.
 */

/** Lengths told in parts of the window's height. */
const OF_HEIGHT = /(?<![\w#.-])([+-]?(?:\d+\.?\d*|\.\d+))(?:[sld]?v[hb])\b/gi;

export function fixHeights(text: string, height: number): string {
  return text.replace(OF_HEIGHT, (_, count: string) => `${(Number(count) * height) / 100}px`);
}

/** How high the page is then. */
export function settle(frame: HTMLIFrameElement, height: number): number {
  const page = frame.contentDocument;
  if (!page?.documentElement) throw new Error('nothing was built');
  frame.contentWindow?.scrollTo(0, 0);
  for (const animation of page.getAnimations()) {
    try {
      animation.finish();
    } catch {
      // One without an end stays where it stands.
    }
  }
  holdHeights(page, height);
  return Math.ceil(Math.max(page.documentElement.scrollHeight, page.body?.scrollHeight ?? 0));
}

function holdHeights(root: Document | ShadowRoot, height: number): void {
  for (const sheet of [...root.styleSheets, ...root.adoptedStyleSheets]) holdRules(sheet.cssRules, height);
  for (const element of root.querySelectorAll<HTMLElement>('*')) {
    if (element.style?.length > 0) hold(element.style, height);
    if (element.shadowRoot) holdHeights(element.shadowRoot, height);
  }
}

function holdRules(rules: CSSRuleList, height: number): void {
  for (const rule of rules) {
    const { style, cssRules } = rule as { style?: CSSStyleDeclaration; cssRules?: CSSRuleList };
    if (style) hold(style, height);
    if (cssRules) holdRules(cssRules, height);
  }
}

function hold(style: CSSStyleDeclaration, height: number): void {
  const before = style.cssText;
  const after = fixHeights(before, height);
  if (after !== before) style.cssText = after;
}
