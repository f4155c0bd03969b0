// A visit from end to end: recorded by the script on a page, judged at the door, kept, listed and watched; and what was typed
// is nowhere of it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { AGENT } from "../src/browser";
import { Caller } from "../src/caller";
import { openBrowser, signIn } from "../src/dashboard";
import { HURRY, openPersonal } from "../src/leaks/record";
import { Server } from "../src/server";
import { Watching } from "../src/stand-in";
import { until } from "../src/waiting";

const SITE = "shop.example";
const SECRET = "xylophone-quarrel-7731";
const PATIENCE_MS = 30_000;

let server: Server;
let visitors: Browser;
let watchers: Browser;
let pages: HttpServer;
before(async () => {
  server = await Server.start([SITE]);
  visitors = await openPersonal();
  watchers = await openBrowser();
  const snippet = `<script defer src="${server.origin}/c.js" data-site="${SITE}" data-recording></script>`;
  const html = `<!doctype html><title>Kettles</title>${snippet}<style>h1 { color: rgb(0, 80, 60) }</style>
    <h1>Kettles that last</h1><label>Name <input id=name></label><p id=hello></p>
    <script>document.getElementById("name").oninput = ({ target }) => { document.getElementById("hello").textContent = "Hello, " + target.value }</script>`;
  pages = createServer((_, answer) =>
    answer.setHeader("content-type", "text/html").end(html),
  );
  await new Promise<void>((listening) =>
    pages.listen(0, "127.0.0.1", listening),
  );
});
after(async () => {
  await visitors?.close();
  await watchers?.close();
  pages?.closeAllConnections();
  pages?.close();
  await server?.stop();
});

interface Listed {
  recordings: { id: string }[];
}

test("a visit is recorded, kept, listed and watched, and what was typed is nowhere of it", async () => {
  const owner = Caller.owner(server);
  await owner.ask("PATCH", `/api/sites/${SITE}`, {
    recording: { on: true, text: "clear" },
  });
  const visitor = await visitors.newContext({ userAgent: AGENT });
  const page = await visitor.newPage();
  await page.addInitScript({ content: HURRY });
  const answers: number[] = [];
  page.on("response", (answer) => {
    if (answer.url() === `${server.origin}/api/recording`)
      answers.push(answer.status());
  });
  await page.goto(
    `http://127.0.0.1:${(pages.address() as AddressInfo).port}/kettles`,
  );
  await until(
    "the first chunk to be taken",
    () => answers.length > 0,
    PATIENCE_MS,
  );
  const before = answers.length;
  await page.locator("#name").pressSequentially(SECRET, { delay: 20 });
  await until(
    "what was done to be taken",
    () => answers.length > before,
    PATIENCE_MS,
  );
  await page.goto("about:blank");
  assert.deepEqual(new Set(answers), new Set([202]));

  const id = await until(
    "the recording in the list",
    async () =>
      (await owner.ask<Listed>("GET", `/api/sites/${SITE}/recordings`))
        .recordings[0]?.id,
    PATIENCE_MS,
  );
  const context = await watchers.newContext({
    viewport: { width: 1280, height: 900 },
  });
  await signIn(context, server.origin, server.owner.signIn);
  const watching = await Watching.over(
    context,
    `${server.origin}/${SITE}/recordings/${id}`,
  );
  await watching.shown();
  await watching.recorded.getByText("Kettles that last").waitFor();
  assert.deepEqual(watching.complaints, []);
  await watching.close();

  const log = await owner.ask<{ entries: { act: string }[] }>(
    "GET",
    "/api/audit",
  );
  assert.ok(
    log.entries.some(({ act }) => act.startsWith("recording")),
    "who looked is in the audit log",
  );
  assert.ok(!server.log.join("\n").includes(SECRET));
  // `grep` answers 1 where it finds nothing.
  const found = (needle: string) =>
    execFileSync(
      "sh",
      ["-c", 'grep -rlaF -e "$1" "$2" || true', "sh", needle, server.data],
      { encoding: "utf8" },
    );
  assert.equal(found(SECRET), "", "what was typed is in no file");
  assert.equal(
    found("Kettles that last"),
    "",
    "what the page said rests sealed",
  );
  assert.deepEqual(server.complaints, []);
});
