/**
 * Serves the pages and takes what their recorders send, on loopback. Who records, and whose visit it is, the page's host says:
 * `<recorder>-<visit>.localhost`. What Candor's scripts ask for goes on to a real Candor, whose answers are given as they are.
 */

import { readFileSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { gunzipSync } from "node:zlib";
import { bundles } from "./bundles.mjs";
import { ARTICLES, article, SHEET } from "./pages/articles.mjs";
import { large } from "./pages/large.mjs";

const read = (name) => import.meta.resolve(name).slice("file://".length);

/** What is in a page's head for each recorder. */
const snippet = (site) => `<script defer src="/c.js" data-site="${site}" data-recording data-identity="always"></script>`;
export const HEADS = {
  none: "",
  candor: snippet("clear.example"),
  starred: snippet("starred.example"),
  rrweb: '<script src="/plain.js"></script>',
  like: '<script src="/plain.js" data-like></script>',
  alone: '<script src="/alone.js"></script>',
  plain: '<script src="/plain.js"></script>',
  posthog: '<script src="/posthog.js"></script>',
  sentry: '<script src="/sentry.js"></script>',
};
/** The sites of Candor, and what text passes there. */
export const SITES = { "clear.example": "clear", "starred.example": "starred" };

/** Where each recorder sends what it recorded. */
const RECORDED = /^\/(?:api\/recording$|plain$|posthog\/s\/|sentry)/;
const POSTHOG = JSON.stringify({
  sessionRecording: { endpoint: "/s/", recorderVersion: "v2" },
  supportedCompression: ["gzip", "gzip-js"],
  hasFeatureFlags: false,
  featureFlags: {},
  featureFlagPayloads: {},
  flags: {},
  toolbarParams: {},
  isAuthenticated: false,
  capturePerformance: false,
  autocapture_opt_out: true,
});

export class Sink {
  /** {host name's first piece: [{ at, bytes, answer }]} of everything that was recorded. */
  taken = new Map();
  #server;
  #scripts;
  #candor;

  /** `candor` is the port of a real one. */
  static async open(candor) {
    const sink = new Sink();
    sink.#candor = candor;
    sink.#scripts = await bundles();
    sink.#server = createServer((asked, answer) => sink.#answer(asked, answer));
    await new Promise((listening) => sink.#server.listen(0, "127.0.0.1", listening));
    return sink;
  }

  origin(recorder, visit) {
    return `http://${recorder}-${visit}.localhost:${this.#server.address().port}`;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(asked, answer) {
    const pieces = [];
    for await (const piece of asked) pieces.push(piece);
    const body = Buffer.concat(pieces);
    const [path] = asked.url.split("?");
    const [who] = asked.headers.host.split(".");
    const isRecorded = RECORDED.test(path) && asked.method === "POST";
    const taken = { at: Date.now(), bytes: body };
    if (isRecorded) {
      if (!this.taken.has(who)) this.taken.set(who, []);
      this.taken.get(who).push(taken);
    }
    if (/^\/(?:c\.js|r\.js|api\/)/.test(path)) return this.#passOn(asked, body, answer, taken);
    const [type, content] = this.#content(path, who.split("-")[0]);
    answer.setHeader("content-type", type).end(content);
  }

  #content(path, recorder) {
    const [, folder, name] = path.split("/");
    if (folder === "articles" && name in ARTICLES) return ["text/html", article(name, HEADS[recorder])];
    if (folder === "large") return ["text/html", large(HEADS[recorder])];
    if (folder === "orders") return ["text/html", orders(HEADS[recorder])];
    if (folder === "pico.css") return ["text/css", SHEET];
    if (folder === "bootstrap.css") return ["text/css", BOOTSTRAP];
    if (folder in this.#scripts) return ["text/javascript", this.#scripts[folder]];
    return ["application/json", folder === "posthog" ? POSTHOG : "{}"];
  }

  #passOn(asked, body, answer, taken) {
    const headers = { ...asked.headers, host: `127.0.0.1:${this.#candor}`, connection: "close" };
    const on = ask({ port: this.#candor, host: "127.0.0.1", method: asked.method, path: asked.url, headers }, (answered) => {
      taken.answer = answered.statusCode;
      if (answered.headers["content-type"]?.includes("json"))
        answered.on("data", (piece) => {
          taken.told = (taken.told ?? "") + piece;
        });
      answer.writeHead(answered.statusCode, answered.headers);
      answered.pipe(answer);
    });
    on.on("error", () => answer.writeHead(502).end());
    on.end(body);
  }
}

const BOOTSTRAP = readFileSync(read("bootstrap/dist/css/bootstrap.min.css"));

const orders = (head) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Orders</title>
<link rel="stylesheet" href="/bootstrap.css">${head}</head><body><div id="app"></div><script src="/orders.js"></script></body></html>`;

/** A body of JSON, whether it is packed or not. */
export function unpacked(bytes) {
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString();
}
