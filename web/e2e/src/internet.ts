/**
 * All the internet that one visitor's browser can reach: the measured sites, the server (behind a proxy that adds the
 * visitor's address, and that can fail), and a page at every other name. It keeps what was said to the server.
 */

import { readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server as HttpServer, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { provideDocumentation } from "./documentation";
import { until } from "./waiting";

export const CANDOR = "http://candor.example";

/** How the way of events to the server behaves: as it should, cut before it, or cut on the way back. */
export type Weather = "fair" | "down" | "answers-lost";

export interface Heard {
  body: Record<string, unknown>;
  /** What the server answered, whether or not the browser saw it; 0 where the event did not reach it. */
  status?: number;
  refused?: string;
}

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".gif": "image/gif",
  ".jpg": "image/jpeg",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".js": "text/javascript",
};

export class Internet {
  weather: Weather = "fair";
  /** Every event that left the browser. */
  readonly heard: Heard[] = [];
  /** What was asked of hosts that are neither measured nor the server, as host and path. */
  readonly asked: string[] = [];
  /** What such a host answers, where it is not the ordinary page. */
  readonly answers: Record<string, string> = {};
  /** What stands in a page's head beside what its author wrote, by path. */
  readonly additions: Record<string, string> = {};
  private readonly documentation = provideDocumentation();

  private constructor(
    private readonly server: string,
    private readonly address: string,
    /** The snippet in the pages of each measured host. */
    private readonly snippets: Record<string, string>,
    private readonly http: HttpServer,
    readonly port: number,
  ) {}

  static async open(server: string, address: string, snippets: Record<string, string>): Promise<Internet> {
    const http = createServer((asked, answer) => internet.answer(asked, answer));
    await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
    const internet = new Internet(server, address, snippets, http, (http.address() as { port: number }).port);
    return internet;
  }

  close(): void {
    this.http.closeAllConnections();
    this.http.close();
  }

  /** The events of this name that the server has answered. */
  answered(name: string): Heard[] {
    return this.heard.filter(({ body, status }) => body.n === name && status);
  }

  /** Waits until the server has answered so many events of a name; more are for the test's own count to find. */
  async hears(name: string, count = 1): Promise<void> {
    await until(`${count} × ${name}, heard ${JSON.stringify(this.heard.map(({ body }) => [body.n, body.u]))}`, () => this.answered(name).length >= count);
  }

  private answer(asked: IncomingMessage, answer: ServerResponse): void {
    const host = (asked.headers.host ?? "").replace(/:.*/, "");
    if (host === new URL(CANDOR).hostname) this.relay(asked, answer);
    else if (host in this.snippets) this.serve(host, asked, answer);
    else {
      this.asked.push(host + asked.url);
      const page = this.answers[host + asked.url] ?? elsewhere(host, Object.keys(this.snippets));
      answer.writeHead(200, { "content-type": "text/html", "access-control-allow-origin": "*" }).end(page);
    }
  }

  /** A page of the documentation, as it is but for the snippet at the end of its head. */
  private serve(host: string, asked: IncomingMessage, answer: ServerResponse): void {
    const path = normalize(decodeURIComponent(new URL(asked.url ?? "/", "http://any").pathname));
    const file = join(this.documentation, path === "/" ? "index.html" : path);
    const found = statSync(file, { throwIfNoEntry: false })?.isFile();
    const type = found ? (TYPES[extname(file)] ?? "application/octet-stream") : TYPES[".html"];
    const bytes = found ? readFileSync(file) : Buffer.from("<!doctype html><html><head></head><body>No such page</body></html>");
    const isPage = type === TYPES[".html"];
    const snippet = `<script defer ${this.snippets[host]} src="${CANDOR}/c.js"></script>`;
    answer
      .writeHead(found ? 200 : 404, { "content-type": type })
      .end(isPage ? bytes.toString("utf8").replace("</head>", `${snippet}${this.additions[path] ?? ""}</head>`) : bytes);
  }

  private relay(asked: IncomingMessage, answer: ServerResponse): void {
    const chunks: Buffer[] = [];
    asked.on("data", (chunk: Buffer) => chunks.push(chunk));
    asked.on("end", () => {
      const sent = Buffer.concat(chunks);
      const isEvent = asked.method === "POST" && asked.url === "/api/event";
      const heard: Heard = { body: isEvent ? JSON.parse(sent.toString("utf8")) : {} };
      if (isEvent) this.heard.push(heard);
      if (isEvent && this.weather === "down") {
        heard.status = 0;
        answer.destroy();
      } else {
        this.forward(asked, sent, answer, heard, isEvent && this.weather === "answers-lost");
      }
    });
  }

  private forward(asked: IncomingMessage, sent: Buffer, answer: ServerResponse, heard: Heard, isLost: boolean): void {
    const { method, headers, url } = asked;
    const forwarded = { ...headers, host: new URL(this.server).host, "x-forwarded-for": this.address, "x-forwarded-proto": "https" };
    const onward = request(this.server + url, { method, headers: forwarded }, (back) => {
      heard.status = back.statusCode;
      heard.refused = back.headers["x-candor-refused"] as string | undefined;
      if (isLost) {
        back.resume();
        answer.destroy();
      } else {
        answer.writeHead(back.statusCode ?? 500, back.headers);
        back.pipe(answer);
      }
    });
    onward.on("error", () => answer.destroy());
    onward.end(sent);
  }
}

/** Any other site: a page that links to the measured ones. */
function elsewhere(host: string, measured: string[]): string {
  const links = measured.map((site) => `<a href="http://${site}/index.html">${site}</a>`);
  return `<!doctype html><html><head><title>${host}</title></head><body>${links.join(" ")}</body></html>`;
}
