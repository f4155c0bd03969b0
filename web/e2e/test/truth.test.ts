// What people did in a real browser on a real site, counted by hand, is what the reports say.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Dashboard, openBrowser } from "../src/dashboard";
import type { Internet } from "../src/internet";
import * as people from "../src/people";
import { visitPrerendered } from "../src/prerender";
import { days, report, sorted } from "../src/report";
import { Server } from "../src/server";
import { APP, DOCS, told, visit } from "../src/world";

let server: Server;
before(async () => {
  server = await Server.start([DOCS, APP]);
});
after(() => server.stop());

const READER = [["is", "visit:source", ["search.example"]]];
let aboutDepth = 0;

function isAllKept(internet: Internet): void {
  for (const { body, refused } of internet.heard) assert.equal(refused, undefined, `refused: ${JSON.stringify(body)}`);
}

test("a reader comes from a search, reads to the end, clicks through, goes back and opens pages behind others", async () => {
  const internet = await visit(server.origin, "203.0.113.1", async (person) => {
    ({ aboutDepth } = await people.readerReads(person));
  });
  assert.deepEqual(told(internet), [
    "pageview /index.html",
    "pageview /about.html",
    "pageview /docs.html",
    "pageview /about.html",
    "pageview /copyright.html",
  ]);
  isAllKept(internet);
});

test("an application moves inside its page", async () => {
  const internet = await visit(server.origin, "203.0.113.2", people.appMoves);
  assert.deepEqual(told(internet), [
    "pageview /cli.html",
    "pageview /cli.html/a",
    "pageview /cli.html/b",
    "pageview /cli.html",
    "pageview /cli.html#/inbox",
  ]);
  isAllKept(internet);
});

test("a clicker leaves and returns, takes a file, signs up and buys", async () => {
  const internet = await visit(server.origin, "203.0.113.3", people.clickerClicks);
  assert.deepEqual(told(internet), [
    "pageview /faq.html",
    "Outbound Link: Click /faq.html",
    "Sign up /faq.html",
    "Purchase /faq.html",
    "File Download /faq.html",
    "pageview /faq.html",
    "Outbound Link: Click /faq.html",
  ]);
  isAllKept(internet);
});

test("somebody lost finds a page that is not there", async () => {
  const internet = await visit(server.origin, "203.0.113.4", people.lostFindsNothing);
  assert.deepEqual(told(internet), ["pageview /no/such/page.html", "404 /no/such/page.html"]);
  isAllKept(internet);
});

test("an id is in the browser only between yes and no", async () => {
  let memory: (string | null)[] = [];
  const internet = await visit(server.origin, "203.0.113.5", async (person) => {
    memory = await people.consenterDecides(person);
  });
  const [atFirst, granted, denied, later] = memory;
  assert.deepEqual([atFirst, denied, later], [null, null, null]);
  assert.match(granted ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const ids = internet.heard.filter(({ body }) => body.n === "pageview").map(({ body }) => body.visitor);
  assert.deepEqual(ids, [undefined, granted, undefined]);
  isAllKept(internet);
});

test("events whose answer is lost, or which do not get through, are sent until they do", async () => {
  const internet = await visit(server.origin, "203.0.113.6", people.patientTriesAgain);
  const ids = (path: string) =>
    new Set(internet.heard.filter(({ body }) => body.n === "pageview" && String(body.u).endsWith(path)).map(({ body }) => body.id));
  assert.ok(internet.answered("pageview").length >= 3, "the server got an event twice");
  assert.deepEqual([ids("lang.html").size, ids("json1.html").size], [1, 1]);
  isAllKept(internet);
});

test("a prerendered page is nothing until it is shown", async () => {
  const { internet, toldBefore } = await visitPrerendered(server.origin, "203.0.113.7");
  assert.equal(toldBefore, 1);
  assert.ok(!internet.asked.includes("note.example/loaded-in-sight"), "the page was shown from its prerendering");
  assert.deepEqual(told(internet), ["pageview /index.html", "pageview /about.html"]);
  isAllKept(internet);
});

const unmeasured: [string, Parameters<typeof visit>[3], people.Preparation?][] = [
  ["Do Not Track in the browser's own settings", { preferences: { enable_do_not_track: true } }],
  ["Global Privacy Control", {}, people.turnOnPrivacyControl],
  ["the opt-out flag", {}, people.optOut],
  ["a browser that says it is driven", { driven: true }],
];
for (const [reason, habits, prepare] of unmeasured) {
  test(`nothing is sent under ${reason}`, async () => {
    const internet = await visit(
      server.origin,
      "203.0.113.8",
      async (person) => {
        await prepare?.(person);
        await people.browse(person);
      },
      habits,
    );
    assert.deepEqual(internet.heard, []);
  });
}

test("what programs send is refused or set aside with its reason, and counted where the site's owner sees it", async () => {
  const agent = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" };
  const event = { n: "pageview", u: `http://${DOCS}/refused`, d: DOCS };
  const cases: [string, object, Record<string, string>][] = [
    ["opt_out", event, { "sec-gpc": "1" }],
    ["opt_out", event, { dnt: "1" }],
    ["prefetch", event, { "sec-purpose": "prefetch" }],
    ["date", { ...event, t: "2001-01-01T00:00:00Z" }, {}],
    ["scheme", { ...event, u: "data:text/html,x" }, {}],
    ["unknown_site", { ...event, d: "nobody.example" }, {}],
    ["bot", event, { "user-agent": "Googlebot/2.1 (+http://www.google.com/bot.html)" }],
  ];
  for (const [reason, body, headers] of cases) {
    const answer = await server.send(body, { ...agent, ...headers });
    assert.deepEqual([answer.status, answer.headers.get("x-candor-refused")], [202, reason], JSON.stringify([body, headers]));
  }
  type Counted = { reason: string; count: number }[];
  const seen = await server.get<{ refused: Counted; set_aside: Counted; unknown_site: number }>(`/api/sites/${DOCS}/refusals?days=2`);
  const counts = (list: Counted) => Object.fromEntries(list.map(({ reason, count }) => [reason, count]));
  assert.deepEqual(counts(seen.refused), { opt_out: 2, prefetch: 1, date: 1, scheme: 1 });
  assert.deepEqual(counts(seen.set_aside), { user_agent: 1 });
  assert.equal(seen.unknown_site, 1);
});

test("the totals are what was counted by hand", async () => {
  // Reader 5 views; clicker 2 and five events; lost 1 and a 404; consenter 2 as one visitor and 1 as another; patient 2;
  // prerenderer 2. Only the lost one and the consenter's other self saw one page and did nothing.
  const [totals] = await report(server, DOCS, ["visitors", "visits", "pageviews", "events", "views_per_visit", "bounce_rate"]);
  assert.deepEqual(totals?.metrics, [7, 7, 15, 21, 2.14, 29]);
  const [app] = await report(server, APP, ["visitors", "visits", "pageviews", "events"]);
  assert.deepEqual(app?.metrics, [1, 1, 5, 5]);
});

const breakdowns: [string, string, string, Record<string, number>][] = [
  [DOCS, "pageviews", "event:page", {
    "/about.html": 4, "/index.html": 3, "/docs.html": 2, "/faq.html": 2,
    "/copyright.html": 1, "/lang.html": 1, "/json1.html": 1, "/no/such/page.html": 1,
  }],
  [DOCS, "visits", "visit:entry_page", { "/index.html": 3, "/faq.html": 1, "/no/such/page.html": 1, "/about.html": 1, "/lang.html": 1 }],
  [DOCS, "visits", "visit:exit_page", {
    "/about.html": 2, "/copyright.html": 1, "/faq.html": 1, "/no/such/page.html": 1, "/docs.html": 1, "/json1.html": 1,
  }],
  [DOCS, "events", "event:name", { pageview: 15, "Outbound Link: Click": 2, "File Download": 1, "Sign up": 1, Purchase: 1, "404": 1 }],
  [DOCS, "visits", "visit:source", { "Direct / None": 6, "search.example": 1 }],
  [DOCS, "visitors", "visit:browser", { Chrome: 7 }],
  [APP, "pageviews", "event:page", { "/cli.html": 2, "/cli.html/a": 1, "/cli.html/b": 1, "/cli.html#/inbox": 1 }],
];
for (const [site, metric, dimension, expected] of breakdowns) {
  test(`${metric} by ${dimension} of ${site} are what was counted by hand`, async () => {
    const rows = await report(server, site, [metric], { dimensions: [dimension] });
    assert.deepEqual(sorted(Object.fromEntries(rows.map((row) => [row.dimensions[0], row.metrics[0]]))), sorted(expected));
  });
}

test("properties are counted with their event", async () => {
  const rows = await report(server, DOCS, ["events"], {
    dimensions: ["event:props:url"],
    filters: [["is", "event:name", ["Outbound Link: Click"]]],
  });
  assert.deepEqual(rows, [{ dimensions: ["http://valgrind.org/"], metrics: [2] }]);
});

test("depth and time on a page are what the reader saw of it", async () => {
  const rows = await report(server, DOCS, ["scroll_depth", "time_on_page"], { dimensions: ["event:page"], filters: READER });
  const of = (page: string) => rows.find((row) => row.dimensions[0] === page)?.metrics ?? [];
  const [depth, seconds] = of("/index.html");
  assert.equal(depth, 100);
  const least = Math.floor(people.READING_MS / 1_000);
  assert.ok(seconds! >= least && seconds! <= least + 5, `${seconds} s on a page that was read for ${people.READING_MS} ms`);
  assert.equal(of("/about.html")[0], aboutDepth);
});

test("the day holds everything that was counted", async () => {
  const rows = await report(server, DOCS, ["pageviews"], { dimensions: ["time:day"] });
  assert.equal(rows.reduce((sum, row) => sum + (row.metrics[0] ?? 0), 0), 15);
  assert.ok(rows.every((row) => days().includes(row.dimensions[0] ?? "")), JSON.stringify(rows));
});

test("the dashboard shows what was counted by hand", async () => {
  const browser = await openBrowser();
  try {
    const dashboard = await Dashboard.open(browser, server, `/${DOCS}`);
    await dashboard.drawn();
    const shown = await Promise.all(["Visitors", "Visits", "Page views", "Views per visit", "Bounce rate"].map((label) => dashboard.headline(label)));
    assert.deepEqual(shown, ["7", "7", "15", "2.14", "29%"]);
    assert.deepEqual(sorted(Object.fromEntries(await dashboard.rows("Sources"))), sorted({ "Direct / None": 6, "search.example": 1 }));
    await dashboard.choose("Pages", "Entry pages");
    const entries = { "/index.html": 3, "/faq.html": 1, "/no/such/page.html": 1, "/about.html": 1, "/lang.html": 1 };
    assert.deepEqual(sorted(Object.fromEntries(await dashboard.rows("Pages"))), sorted(entries));
    assert.deepEqual([dashboard.watch.harm, dashboard.watch.complaints], [[], []]);
  } finally {
    await browser.close();
  }
});

test("the server's log complains of nothing", () => {
  assert.deepEqual(server.complaints, []);
});
