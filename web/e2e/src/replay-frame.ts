/**
 * The replay frame as the server serves it, a page around it in the place of Candor's, and a stranger's server that hears
 * whatever is asked of it: three origins, so that a browser keeps them apart as it does at work.
 */

import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, Frame, Page } from "playwright-core";
import type { BuildOptions } from "esbuild";
import { until } from "./waiting";

const PLAYER = join(import.meta.dirname, "../../player");

/** Which of the player's walls are left out, to see that the others stand and that this harness sees what falls. */
export interface Missing {
  disarmer?: true;
  policy?: true;
}

/** What the frame said. */
export interface Answer {
  is: string;
  turn?: number;
  [key: string]: unknown;
}

/** What the harness's page offers to a test. */
interface Harness {
  reports: Answer[];
  order: (order: object) => void;
  violations: string[];
}

export class ReplayFrame {
  private constructor(
    /** Everything that any of the three was asked for. */
    readonly asked: readonly string[],
    private readonly servers: Server[],
    readonly page: string,
    readonly frame: string,
    readonly stranger: string,
  ) {}

  static async serve(missing: Missing = {}): Promise<ReplayFrame> {
    const { makeFrame } = (await import(join(PLAYER, "build.mjs"))) as { makeFrame: (options: BuildOptions) => Promise<Record<string, Buffer>> };
    const files = await makeFrame(missing.disarmer ? { plugins: [withoutDisarmer] } : {});
    const asked: string[] = [];
    const servers = await Promise.all([0, 1, 2].map(() => listen()));
    const [page, frame, stranger] = servers.map((server, place) => `http://${place === 1 ? "127.0.0.1" : "localhost"}:${(server.address() as AddressInfo).port}`) as [string, string, string];
    const policy = readFileSync(join(PLAYER, "policy.txt"), "utf8").trim().replace("{app}", page);
    servers[0]!.on("request", ({ url }, response) => {
      asked.push(`page ${url}`);
      response.writeHead(200, { "content-type": "text/html" }).end(harnessPage(frame));
    });
    servers[1]!.on("request", ({ url = "/" }, response) => {
      asked.push(`frame ${url}`);
      const file = files[url === "/" ? "index.html" : url.slice(1)];
      if (!missing.policy) response.setHeader("content-security-policy", policy);
      response.writeHead(file ? 200 : 404, { "content-type": url === "/" ? "text/html" : "text/javascript" });
      response.end(url === "/" ? file?.toString().replace("{app}", page) : file);
    });
    servers[2]!.on("request", ({ url }, response) => {
      asked.push(`stranger ${url}`);
      response.writeHead(200, { "access-control-allow-origin": "*" }).end();
    });
    return new ReplayFrame(asked, servers, page, frame, stranger);
  }

  async open(browser: Browser): Promise<Player> {
    const context = await browser.newContext({ viewport: { width: 900, height: 700 } });
    const page = await context.newPage();
    const player = new Player(page);
    await page.goto(`${this.page}/`);
    await page.waitForFunction(() => (window as unknown as { harness?: Harness }).harness?.order !== undefined);
    return player;
  }

  async stop(): Promise<void> {
    for (const server of this.servers) server.closeAllConnections();
    await Promise.all(this.servers.map((server) => new Promise((done) => server.close(done))));
  }
}

/** The frame in a browser, and all that went wrong in it. */
export class Player {
  readonly alarms: string[] = [];
  private turn = 0;

  constructor(readonly page: Page) {
    page.on("console", (message) => {
      if (message.type() === "error" || message.text().startsWith("ALARM")) this.alarms.push(message.text());
    });
    page.on("pageerror", (error) => this.alarms.push(String(error)));
    page.on("dialog", (dialog) => this.alarms.push(`dialog ${dialog.message()}`));
    page.on("popup", (popup) => this.alarms.push(`window ${popup.url()}`));
    page.on("download", (download) => this.alarms.push(`download ${download.url()}`));
    page.on("framenavigated", (frame) => {
      if (frame.parentFrame()?.parentFrame() && frame.url() !== "about:blank") this.alarms.push(`navigated ${frame.url()}`);
    });
  }

  /** Opens events at a moment and waits until they are shown, or cannot be. */
  async show(lines: string, at: number, playing = false): Promise<"shown" | "failed"> {
    return this.order({ do: "open", events: lines, at, playing });
  }

  go(at: number, playing = false): Promise<"shown" | "failed"> {
    return this.order({ do: "go", at, playing });
  }

  /** Lets the page stand still as it was at a moment. */
  stand(lines: string, at: number): Promise<Answer> {
    return this.ask({ do: "stand", events: lines, at });
  }

  draw(layer: object): Promise<Answer> {
    return this.ask({ do: "draw", layer });
  }

  private async order(order: object): Promise<"shown" | "failed"> {
    return (await this.ask(order)).is as "shown" | "failed";
  }

  private async ask(order: object): Promise<Answer> {
    this.turn += 1;
    const turn = this.turn;
    await this.page.evaluate((each) => (window as unknown as { harness: Harness }).harness.order(each), { ...order, turn });
    return until(`turn ${turn} to be answered`, async () => (await this.reports()).find((each) => each.turn === turn));
  }

  reports(): Promise<Harness["reports"]> {
    return this.page.evaluate(() => (window as unknown as { harness: Harness }).harness.reports);
  }

  /** What is to be read in the rebuilt page. */
  text(): Promise<string> {
    return this.page.frameLocator("iframe").frameLocator(".scene:not(.waiting) iframe").locator(":root").innerText();
  }

  /** The frame's own page, in which what is drawn lies beside the rebuilt one. */
  get inside(): Frame {
    return this.page.frames().find((frame) => frame.parentFrame() === this.page.mainFrame())!;
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

/** Events as they came: what a player without its own wall would play. */
const withoutDisarmer = {
  name: "without-disarmer",
  setup(build: { onLoad: (filter: { filter: RegExp }, load: () => object) => void }) {
    build.onLoad({ filter: /src\/disarm\.ts$/ }, () => ({
      loader: "ts",
      contents: "export class Unplayable extends Error {} export class Disarmer { read(lines) { return lines.split('\\n').map((line) => JSON.parse(line)); } readStill(lines) { return this.read(lines); } nameOf() { return 'p'; } }",
    }));
  },
};

function listen(): Promise<Server> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, "localhost", () => done(server));
  });
}

/** A page that embeds the frame at `frame`, and a test's ear to it. */
export const harnessPage = (frame: string, { width, height } = { width: 860, height: 640 }) => `<!doctype html><title>Harness</title><style>body { margin: 0 } iframe { display: block }</style>
<iframe title="Recording" sandbox="allow-scripts allow-same-origin" src="${frame}/" style="width:${width}px;height:${height}px;border:0"></iframe>
<script>
  trip = () => console.info('ALARM ran');
  const iframe = document.querySelector('iframe');
  iframe.addEventListener('load', () => {
    const { port1, port2 } = new MessageChannel();
    const reports = [];
    port1.onmessage = ({ data }) => reports.push(data);
    iframe.contentWindow.postMessage({ candor: 'replay', version: 1 }, '${frame}', [port2]);
    harness = { reports, order: (order) => port1.postMessage(order) };
  }, { once: true });
</script>`;
