/**
 * rrweb as it is handed out, with its events sent as Candor's are: after 5 seconds or 48 KB, each batch as JSON under gzip, and
 * what is left when the page goes. `data-like` on the element sets it to what Candor has it do.
 */

import { record } from "@rrweb/record";
import { gzipSync, strToU8 } from "fflate";

const FLUSH_MS = 5_000;
const FLUSH_SIGNS = 49_152;
const LIKE_CANDOR = {
  checkoutEveryNms: 300_000,
  maskAllInputs: true,
  slimDOMOptions: "all",
  inlineStylesheet: true,
  sampling: { mousemove: 100, scroll: 150 },
  recordAfter: "DOMContentLoaded",
};

let events = [];
let signs = 0;
let timer;

function flush(isLeaving) {
  clearTimeout(timer);
  timer = undefined;
  if (!events.length) return;
  const body = gzipSync(strToU8(`[${events.join(",")}]`));
  events = [];
  signs = 0;
  fetch("/plain", { method: "POST", body, keepalive: isLeaving });
}

record({
  ...("like" in document.currentScript.dataset && LIKE_CANDOR),
  emit(event) {
    const text = JSON.stringify(event);
    if (signs && signs + text.length > FLUSH_SIGNS) flush(false);
    events.push(text);
    signs += text.length;
    timer ??= setTimeout(() => flush(false), FLUSH_MS);
  },
});
addEventListener("visibilitychange", () => document.hidden && flush(true));
addEventListener("pagehide", () => flush(true));
