/** Serves folders of built pages from loopback, as any web server would: nothing is changed on the way. */

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".jsx": "text/plain; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

export interface Served {
  origin: string;
  close: () => unknown;
}

/** `made` are further files by their path; they come before those of the folders, and of these the first that has one. */
export async function serveFolders(folders: readonly string[], made: Readonly<Record<string, string>> = {}): Promise<Served> {
  const server = createServer(({ url = "/" }, answer) => {
    const path = normalize(decodeURIComponent(new URL(url, "http://x").pathname));
    const name = path.endsWith("/") ? `${path}index.html` : path;
    const text = made[name];
    const file = folders.flatMap((folder) => [join(folder, name), `${join(folder, name)}.html`]).find((each) => existsSync(each) && statSync(each).isFile());
    if (text === undefined && !file) return void answer.writeHead(404).end();
    answer.setHeader("content-type", TYPES[extname(file ?? name)] ?? "application/octet-stream");
    if (text !== undefined) answer.end(text);
    else createReadStream(file!).pipe(answer);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
