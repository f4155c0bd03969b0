/**
 * The ways in which what was entered has been seen to leave a page, as a page each and what is done on it. `L` are those
 * of the reference, by their numbers; `M` are our own (`vectors-own.ts`). Every one gets a secret of its own.
 */

import type { Hands } from "./hands";

export interface Vector {
  readonly id: string;
  readonly title: string;
  /** The page; a secret that stands in it was there before the visitor came. */
  readonly html: (secret: string) => string;
  readonly act?: (hands: Hands, secret: string) => Promise<void>;
  readonly snippet?: (secret: string) => string;
  readonly settings?: object;
  /** Whether the bare capture lets it out; those that it keeps back by itself are here so that it stays so. */
  readonly isKeptAnyway?: true;
  /** Whether the page names something of itself after the secret. To a gate that knows no meanings that is a word like any other. */
  readonly isWord?: true;
}

const FIELD = `<input id="f" autocomplete="off">`;
/** A page whose program runs at every input, with the value as `v`. */
export const onInput = (program: string, field = FIELD) =>
  `${field}<div id="out">nothing yet</div><script>f.addEventListener("input", () => { const v = f.value ?? f.textContent; ${program} });</script>`;
export const typing = (hands: Hands, secret: string) => hands.type("#f", secret);
const typingThenRest = async (hands: Hands, secret: string) => {
  await hands.type("#f", secret);
  await hands.rest();
};

const controls: Vector[] = [
  { id: "L01", title: "a hidden field has a value and gets another", html: (s) => `<input type="hidden" id="f" value="${s}"><p>x</p>`, act: (h, s) => h.run(`f.value = "${s}!"`) },
  { id: "L02", title: "a field's attribute stays when its value is cleared", html: (s) => `<input id="f" value="${s}">`, act: (h) => h.clear("#f") },
  { id: "L03", title: "a typed field becomes hidden", html: () => FIELD, act: async (h, s) => { await typing(h, s); await h.run(`f.type = "hidden"`); } },
  { id: "L03b", title: "a typed field becomes a checkbox and a button", html: () => FIELD, act: async (h, s) => { await typing(h, s); await h.run(`f.type = "checkbox"; setTimeout(() => { f.type = "submit" }, 50)`); } },
  { id: "L04", title: "a textarea's default text, cleared", html: (s) => `<textarea id="f">${s}</textarea>`, act: (h) => h.clear("#f") },
  { id: "L05", title: "a program edits the textarea's text", html: () => `<textarea id="f">a</textarea>`, act: (h, s) => h.run(`f.value = ""; f.firstChild.data = "${s}"; f.append("${s}")`) },
  { id: "L06", title: "a framework mirrors the value into the attribute", html: () => onInput(`f.setAttribute("value", v)`), act: typing, isKeptAnyway: true },
  { id: "L07", title: "options, there and added", html: (s) => `<select id="f"><option>one<option value="${s}" selected>${s}</select>`, act: (h, s) => h.run(`f.add(new Option("${s}+", "${s}+"))`) },
  { id: "L08", title: "what a checkbox and a radio stand for", html: (s) => `<label><input type="checkbox" id="f" value="${s}">yes</label><input type="radio" name="r" value="${s}2" id="g">`, act: async (h) => { await h.click("#f"); await h.click("#g"); } },
  { id: "L09", title: "a button that says what was entered", html: (s) => `<input type="submit" value="Pay to ${s}" onclick="return false"><button value="${s}">Pay ${s}</button>` },
  { id: "L10", title: "a password that can be shown", html: () => `<input id="f" type="password"><button id="b" onclick="f.type = f.type === 'text' ? 'password' : 'text'">show</button>`, act: async (h, s) => { await typing(h, s); await h.click("#b"); await h.type("#f", s); }, isKeptAnyway: true },
  { id: "L11", title: "a password that stands there", html: (s) => `<input type="password" value="${s}">`, isKeptAnyway: true },
  { id: "L12", title: "a form that comes back with what was entered", html: (s) => `<form><input id="f" value="${s}"><p>${s} is taken</p></form>` },
  { id: "L13", title: "every kind of field by keys", html: () => ["text", "search", "email", "url", "tel"].map((type) => `<input type="${type}" class="k">`).join(""), act: async (h, s) => { for (let field = 0; field < 5; field += 1) { await h.page.locator(".k").nth(field).click(); await h.keys(s); } }, isKeptAnyway: true },
  { id: "L14", title: "a field that is ignored", html: (s) => `<div data-candor-ignore><input id="f" data-candor-ignore class="rr-ignore" value="${s}" type="button"></div>` },
  { id: "L15", title: "a password manager fills by program", html: () => `<input id="f" type="text"><p id="out"></p>`, act: (h, s) => h.run(`Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(f, "${s}"); f.dispatchEvent(new Event("input", { bubbles: true })); f.dispatchEvent(new Event("change", { bubbles: true })); out.textContent = "Hello ${s}"`) },
  { id: "L16", title: "fields in a shadow tree and in a frame, and their copies", html: () => `<div id="host"></div><iframe id="w" srcdoc="<input id=i><p id=o></p><script>i.oninput = () => { o.textContent = i.value; parent.out.textContent = i.value }</script>"></iframe><p id="out"></p><script>const r = host.attachShadow({ mode: "open" }); r.innerHTML = "<input id=s><p></p>"; const s = r.querySelector("input"); s.oninput = () => { r.querySelector("p").textContent = s.value; host.title = s.value };</script>`, act: async (h, s) => { await h.type("#s", s); await h.page.frameLocator("#w").locator("#i").click(); await h.keys(s); } },
  { id: "L17", title: "a frame that forges what a recorder says", html: () => `<iframe id="w" srcdoc="<p>x</p>"></iframe>`, act: (h, s) => h.run(`postMessage({ type: "rrweb", origin: location.origin, event: { type: 3, data: { source: 5, id: 1, text: "${s}" }, timestamp: 1 } }, "*"); w.contentWindow.parent.postMessage({ type: "rrweb", origin: location.origin, event: { type: 5, data: { tag: "${s}", payload: "${s}" } } }, "*")`), isKeptAnyway: true },
  { id: "L18", title: "a text that was there for a moment", html: () => `${FIELD}<p id="out">x</p>`, act: async (h, s) => { await typing(h, s); await h.rest(); await h.run(`out.firstChild.data = f.value; out.title = f.value; Promise.resolve().then(() => { out.firstChild.data = "y"; out.title = "" })`); } },
  { id: "L19", title: "a digest of the value", isWord: true, html: () => onInput(`crypto.subtle && crypto.subtle.digest("SHA-256", new TextEncoder().encode(v)).then((d) => { out.className = "h" + [...new Uint8Array(d)].map((b) => b.toString(16).padStart(2, "0")).join("") })`), act: typingThenRest },
];

const copies: Vector[] = [
  { id: "L20", title: "an editor in the page, in every spelling", html: () => `<div id="f" contenteditable>a</div><div id="g" contenteditable="plaintext-only">b</div><div id="e" role="textbox" tabindex="0">c</div>`, act: async (h, s) => { await h.type("#f", s); await h.keys("\n"); await h.keys(s); await h.type("#g", s); await h.run(`e.textContent = "${s}"`); } },
  { id: "L20b", title: "a document that can be edited, and one in a frame", html: () => `<p id="f">write here</p><iframe id="w" srcdoc="<body>x</body>"></iframe><p id="out"></p>`, act: async (h, s) => { await h.run(`w.contentDocument.designMode = "on"; w.contentDocument.addEventListener("input", () => { out.textContent = w.contentDocument.body.innerText })`); await h.page.frameLocator("#w").locator("body").click(); await h.keys(s); await h.rest(); await h.run(`document.designMode = "on"`); await h.type("#f", s); } },
  { id: "L21", title: "a preview, a greeting, chips", html: () => onInput(`out.innerText = "Hello, " + v; const c = document.createElement("span"); c.textContent = v; document.body.append(c)`), act: typingThenRest },
  { id: "L22", title: "output, title, drawing, label and message", html: () => onInput(`o.textContent = v; document.title = v; t.textContent = v; l.textContent = v + " is no address"; f.setCustomValidity(v)`, `${FIELD}<output id="o"></output><svg><title>x</title><text id="t" y="20">x</text></svg><label id="l">x</label>`), act: typingThenRest },
  { id: "L23", title: "a copy in a data attribute", html: () => onInput(`out.dataset.replicatedValue = v; out.setAttribute("x-" + "y", v)`), act: typingThenRest },
  { id: "L24", title: "placeholder, title, label and alternative text", html: () => onInput(`for (const a of ["placeholder", "title", "aria-label", "alt", "aria-valuetext", "label", "summary", "name"]) { f.setAttribute(a, v); out.setAttribute(a, v) }`), act: typingThenRest },
  { id: "L25", title: "a custom property of a style", html: () => onInput(`out.style.setProperty("--v", JSON.stringify(v)); out.style.setProperty("--w", v); document.body.setAttribute("style", "--x:" + v)`), act: typingThenRest },
  { id: "L26", title: "a picture by the value", html: () => onInput(`out.style.backgroundImage = "url(/echo?n=" + v + ")"; i.src = "/echo/" + v + ".png"; i.srcset = "/echo/" + v + ".png 2x"; d.src = "data:text/plain," + v`, `${FIELD}<img id="i"><img id="d">`), act: typingThenRest },
  { id: "L27", title: "links and forms that lead to the value", html: () => onInput(`a.href = "/echo?q=" + v; g.action = "/echo/" + v; out.innerHTML = "<a href='/echo/" + v + "'>go</a><iframe src='/echo/" + v + "'></iframe>"`, `${FIELD}<a id="a">go</a><form id="g"></form>`), act: typingThenRest },
  { id: "L28", title: "the address at every key", isWord: true, html: () => onInput(`history.pushState(null, "", "/p/" + v + "?q=" + v + "#" + v)`), act: typingThenRest },
  { id: "L29", title: "what the page sends and gets", html: () => onInput(`fetch("/echo", { method: "POST", body: v }).then((r) => r.text()); new XMLHttpRequest().open("GET", "/echo?" + v)`), act: typing, isKeptAnyway: true },
  { id: "L30", title: "the console and errors", html: () => onInput(`console.log(v); console.error(new Error(v)); setTimeout(() => { throw new Error(v) }); Promise.reject(v); window.dispatchEvent(new ErrorEvent("error", { message: v }))`), act: typing, isKeptAnyway: true },
  { id: "L31", title: "suggestions, no results, a chosen value", html: () => onInput(`out.innerHTML = "<ul role=listbox><li role=option><b>" + v + "</b> and more</ul><p>No results for <q>" + v + "</q></p><div class=single>" + v.toUpperCase() + "</div>"`), act: typingThenRest },
  { id: "L33", title: "a click on what has the value as its label", html: () => onInput(`b.setAttribute("aria-label", v); b.title = v`, `${FIELD}<div id="b" tabindex="0" role="link">press</div>`), act: async (h, s) => { await typing(h, s); await h.click("#b"); } },
  { id: "L34", title: "text drawn on a canvas", html: () => onInput(`c.getContext("2d").fillText(v, 5, 20)`, `${FIELD}<canvas id="c"></canvas>`), act: typing, isKeptAnyway: true },
  { id: "L35", title: "a summary that quotes the value much later", html: () => onInput(`window.kept = v`), act: async (h, s) => { await typing(h, s); await h.rest(); await h.run(`f.value = ""; out.textContent = "In summary: " + kept + "."`); } },
];

const controlsOfControls: Vector[] = [
  { id: "L37", title: "a setting that is not understood", html: (s) => `<p>${s}</p>`, settings: { text: "unmasked", signals: "none" } },
  { id: "L38", title: "a masked text is edited", html: (s) => `<p data-candor-mask id="m">${s}</p><div data-candor-block id="b">${s}</div>`, act: (h, s) => h.run(`m.firstChild.data = "${s}!"; m.append("${s}"); const e = document.createElement("i"); e.textContent = "${s}"; m.append(e); b.append("${s}"); b.title = "${s}"`) },
  { id: "L38b", title: "an owner's own selectors", html: (s) => `<p class="private" id="m">${s}</p><div class="secret" id="b">${s}</div>`, snippet: () => `data-recording-mask=".private" data-recording-block=".secret"`, act: (h, s) => h.run(`m.append("${s}"); b.append("${s}")`) },
  { id: "L40", title: "the recorder's own settings", html: () => `<p>x</p>`, snippet: (s) => `data-recording-mask=".${s}" data-recording-block="#${s}" data-recording-ignore=".${s}"`, isKeptAnyway: true },
];

export const LISTED: readonly Vector[] = [...controls, ...copies, ...controlsOfControls];
