/** A page as a recorder of ours writes it, made by hand: its tree as events, and the numbers that docs/heatmaps.md gives its elements. */

interface Made {
  tagName: string;
  attributes?: Record<string, unknown>;
  children?: (Made | string)[];
  shadow?: Made[];
  isSVG?: true;
}

export const made = (tagName: string, attributes: Record<string, unknown> = {}, children: (Made | string)[] = [], more: Partial<Made> = {}): Made => ({ tagName, attributes, children, ...more });

export const AT = 1_764_144_000_000;

/** Events of one page in a window of a size, a moment after it was opened. */
export function asEvents(style: string, body: Made, window: { width: number; height: number }): string {
  let next = 2;
  const build = (each: Made | string, isShadow = false): object => {
    if (typeof each === "string") return { type: 3, id: next++, textContent: each, ...(isShadow && { isShadow }) };
    const { tagName, attributes = {}, children = [], shadow = [], isSVG } = each;
    const id = next++;
    const childNodes = [...children.map((child) => build(child)), ...shadow.map((child) => build(child, true))];
    return { type: 2, id, tagName, attributes, childNodes, ...(isSVG && { isSVG }), ...(shadow.length > 0 && { isShadowHost: true }), ...(isShadow && { isShadow }) };
  };
  const doctype = { type: 1, id: next++, name: "html", publicId: "", systemId: "" };
  const html = build(made("html", {}, [made("head", {}, [made("style", { _cssText: style })]), body]));
  const events = [
    { type: 4, timestamp: AT, data: { href: "", ...window } },
    { type: 2, timestamp: AT, data: { node: { type: 0, id: 1, childNodes: [doctype, html] }, initialOffset: { left: 0, top: 0 } } },
  ];
  return events.map((event) => JSON.stringify(event)).join("\n");
}

/** The same arithmetic as docs/heatmaps.md tells it, from the words and not from the player. */
export function numberOf(address: string): number {
  const sum = [...new TextEncoder().encode(address)].reduce((hash: bigint, byte) => ((hash ^ BigInt(byte)) * 16777619n) % 2n ** 32n, 2166136261n);
  return Number(sum);
}
