"""RESULTS.md, rendered from results.json and from nothing else."""

import json

WHAT = {
    "dashboard-warm": "13 panels of the large site over 90 days in one request, time against the faster peer",
    "dashboard-first": "the same, first request after a restart, against the faster peer's warm time",
    "drill-down": "top pages of one country and browser, against the faster peer",
    "realtime": "current visitors, against the faster peer",
    "erase": "a visitor of 20 M events erased, receipt in hand; and a warm dashboard beside it",
    "small-site": "the small site's dashboard when its neighbours grow from 1 M to 19 M events",
    "ingest-cpu": "CPU of `edge` for a durable event, against a bare axum handler that parses the same JSON",
    "ingest-p99": "acknowledgement under 64 keep-alive connections",
    "segment-batch": "CPU of `edge` for a durable event in a batch of 100 by the Segment API, against one sent alone",
    "sealed-ingest": "CPU of `edge` for a durable event, against the same unsealed",
    "sealed-warm": "what a signed-in, warm dashboard asks of the keeper and opens, nothing new in between",
    "sealed-first": "first dashboard of the large site after a restart, against the same unsealed",
    "sealed-disk": "bytes of the same segments on disk, against the same unsealed",
    "keeper": "the wait for one key, 99th percentile; resident memory of the process",
    "disk": "bytes per event after merging, all columns",
    "memory": "proportional set size of all processes",
    "tracker": "the measuring script, brotli",
    "recording-sent": "bytes that a recorder sends in a recorded minute, against rrweb with gzip",
    "recording-stored": "bytes kept of a recorded minute, 100 visits of one site, against rrweb's JSON with gzip",
    "recorder": "the recording script, brotli",
    "recording-main": "the main thread of a page of 10,000 nodes with 200 changes a second: CPU time; the longest share of a task",
    "gate": "events that the gate for recordings judges on one core, unpacked",
    "player": "from a click to the first frame of a recording of 30 minutes, and to any moment of one of 60, 95th percentiles",
    "backup": "the first full backup of the large store, against Debian's restic over the same store, on the same disk",
    "backup-second-day": "the backup after another day's events, against restic's first",
    "restore": "restoring it, to the first answered dashboard, against restic's restore to the same",
    "dashboard-while-backup": "a warm dashboard of the large site while a full backup is made, against the same without",
    "ui": "JavaScript fetched until the demo's dashboard is complete, gzip, map shapes apart",
}

NOTES = """
## How it was measured

- **Data**: seeded, from `bench/src/traffic.rs`: 90 days, three sites (70, 25 and 5 %), ten events a visitor, 92.2 %
  page views and 20 custom events, 5 % of rows with properties; 50 k paths and 30 k referrers (zipf 1.05). No
  `engagement` events. Event ids stand on the last two days, as on a server that took the traffic as it came.
  Candor's rows went through the journal's writer into a running server that absorbed and
  merged them; the peers got the same rows with ready visit ids, sorted by (site, day, visitor, time).
- **Peers**: DuckDB with its native table and ClickHouse's MergeTree (chDB), both inside the measuring process, two
  threads each, in the best form found of each query (`bench/harness/panels.py`). Candor is asked over HTTP.
- **Rounds**: before every timed round one new event goes to everyone; everyone is asked in turn, and all answers
  must be identical or the run fails. A ratio is the median over the rounds with its bootstrapped 95 % interval, and
  is met when the whole interval is.
- **After a restart** means a new server over the same data directory, asked as soon as it reports to be healthy; the
  system's file cache stays as it was.
- **Ingestion**: 12,800 different requests, no two of one user agent, address or page, sent again and again by
  `bench/src/load.rs` in turns to Candor and to the bare handler. `edge` remembers 16,384 judged user agents, so here
  it judges each once; beside the bar stands what an event costs when every agent is new. The client shares the
  machine with whom it measures.
- **Unsealed** is `candor-unsealed` (`bench/unsealed/main.rs`): the product built by the same compiler run with the same
  profile and allocator, whose events alone are written as they are. Its store was filled like the others; the sealed
  one beside it is a copy that the product sealed a segment at a time, so that both hold the same segments. Both are
  asked in turns and must answer alike.
- **Signed in**: every question is asked by the cookie of a sign-in, as a browser asks it; who it is the keeper is asked
  once for each request. Events need no sign-in.
- **Keeper calls and decryptions** are counted in `app` and read from `/metrics`. A decryption is a range of a
  segment or a commit of the journal. Warm is the same dashboard again without news; beside it stands what it costs
  after one new event.
- **Keeper**: a keeper over a folder on this disk, asked for one key at a time over a socket pair (`bench/src/keeper.rs`).
  Each answer waits for its line in the audit file to be durable; what syncing a line takes by itself stands beside it.
  Memory is the whole resident size, shared pages included, of the keeper under the sealed servers after their work.
- **Recordings**: visits of a small site, an article, another, then an app of React and TanStack's table over Bootstrap's styles, in
  Chromium, with text in the clear: the mouse wanders, pages are scrolled, something is looked for, sorted, opened,
  filled in and saved, drawn by the visit's number and the same for every recorder (`bench/recording/visit.mjs`). Every recorder
  has a page of its own, with nothing else on it. Counted are the bodies of requests, as they come to loopback; each chunk of
  Candor's went on to a real server and was taken. The server knows no style sheet of the site at first: the first visits send them.
- **rrweb with gzip** is `@rrweb/record` of our recorder's version with its own defaults, each batch as JSON under fflate's gzip after 5 seconds or
  48 KB, as Candor's are sent, and what is left when the page goes. **rrweb set as Candor** has the options that Candor gives it. PostHog and Sentry
  are bundled from npm with their defaults for recordings; Sentry stars all text by default, as Candor does where a site does not choose otherwise.
- **Kept**: the chunks of all visits, each visit another visitor's, pass the gate, are sealed, taken in, learned from and put together by the
  product's code over the control database's own tables, with a clock that is moved on (`bench/src/stored.rs`). Counted are
  the sealed objects, dictionaries among them, and what the database grew by. Against it stands the smallest that rrweb's JSON is under gzip: all events of a
  visit in one stream.
- **Main thread**: CPU time of the page's main thread from the load until 10 seconds of changes later, the page's own work included, in rounds by turns, each
  in a browser of its own. The longest share is what the recorder's script had of any one task, its snapshot included.
- **The gate** judges chunks in memory (`bench/src/gate.rs`) and writes them anew; beside it stands what serde_json takes to only parse them.
- **The player** is driven in the UI over a real server by `web/e2e/src/speed/player.ts`; beside the click stands opening it by its address in a browser
  that was never there.
- **Backups** are made by `candor backup now` of a running server into an empty folder, and by `restic backup` of the same data
  directory and folder for keys into an empty repository, in turns, on one disk. restic's copy is of files that change meanwhile;
  Candor's is of one moment, answers questions about it and is read back, all within its time. Another day is the demo's history
  of one day, as many events as a day of the large data has. Both restores end with a server that has answered the dashboard.
- **Memory idle** is read from a server that was started over the whole data and has answered nothing yet.
""".strip()


def render(run):
    """The page for a run: {official, scale, machine, results, not_measured}."""
    lines = ["# Benchmark results", ""]
    if not run["official"]:
        lines += [f"**Not the official run**: {run['scale']:g} of the data; for development only.", ""]
    lines += [f"Rendered by `make bench` from `{run['file']}`. {run['machine']}", ""]
    lines += ["| id | what | bar | measured | met |", "|---|---|---|---|---|"]
    for result in run["results"]:
        lines += _lines(result)
    if run["not_measured"]:
        lines += ["", "Not measured in this run: " + ", ".join(run["not_measured"]) + "."]
    lines += ["", "## Beside the bars", ""]
    lines += [line for result in run["results"] for line in _beside(result["id"], result["measured"])]
    return "\n".join(lines + ["", NOTES, ""])


def _lines(result):
    met = "yes" if result["met"] else "**no**"
    sign = "≥" if result.get("least") else "≤"
    if not isinstance(result["limit"], dict):
        bar, measured = f"{sign} {_number(result['limit'])}", _measured(result["measured"])
    else:
        names = result["limit"]
        bar = "; ".join(f"{name} {sign} {_number(names[name])}" for name in names)
        measured = "; ".join(f"{name} {_measured(result['measured'][name])}" for name in names)
    return [f"| {result['id']} | {WHAT[result['id']]} | {bar} | {measured} | {met} |"]


def _measured(measured):
    if "median" not in measured:
        return f"{_number(measured['value'])} {measured['unit']}"
    interval = f"{_number(measured['low'])} to {_number(measured['high'])}"
    return f"{_number(measured['median'])} {measured['unit']} ({interval}, {measured['pairs']} pairs)"


def _beside(id, measured):
    """What else was seen, one line for each group of numbers."""
    if "unit" not in measured:
        return [line for name, part in measured.items() for line in _beside(f"{id}, {name}", part)]
    known = {"median", "low", "high", "pairs", "value", "unit"}
    shown = {name: value for name, value in measured.items() if name not in known}
    return [f"- {id}: {_shown(shown)}"] if shown else []


def _shown(value):
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(part)}" for name, part in value.items())
    if isinstance(value, list):
        return " and ".join(map(_shown, value))
    return value if isinstance(value, str) else _number(value)


def _number(value):
    if isinstance(value, int) or float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.1f}" if value >= 100 else f"{value:.3g}"


def write(folder, run):
    """Writes the numbers and the page; a run that is not official goes elsewhere."""
    suffix = "" if run["official"] else ".development"
    run["file"] = f"results{suffix}.json"
    (folder / run["file"]).write_text(json.dumps(run["results"], indent=2, ensure_ascii=False) + "\n")
    (folder / f"RESULTS{suffix}.md").write_text(render(run))
