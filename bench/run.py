#!/usr/bin/env python3
"""`make bench`: measures Candor beside real peers, writes results.json and RESULTS.md, fails on an unmet bar.

    python3 bench/run.py                      everything, on 20 M events
    python3 bench/run.py --scale 0.05         a quick look during development; never overwrites the results
    python3 bench/run.py --only disk,ui       some of it

The engines it compares with are installed from the Python registry into a virtual environment in the cache, and the
recorders from npm into a folder there.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IDS = ["dashboard-warm", "dashboard-first", "drill-down", "realtime", "small-site", "erase", "ingest-cpu", "ingest-p99",
       "segment-batch", "sealed-ingest", "sealed-warm", "sealed-first", "sealed-disk", "keeper", "disk", "memory", "tracker",
       "ui", "recording-sent", "recording-stored", "recorder", "recording-main", "gate", "player", "backup",
       "backup-second-day", "restore", "dashboard-while-backup"]
LARGE_SITE = {"dashboard-warm", "dashboard-first", "drill-down", "realtime"}
INGEST = {"ingest-cpu", "ingest-p99"}
BESIDE_RESTIC = {"backup", "backup-second-day", "restore"}
IN_BROWSER = {"ui", "recording-sent", "recording-stored", "recording-main", "player"}


def main():
    options = _options()
    if options.only & IN_BROWSER and not shutil.which("chromium"):
        named = ", ".join(sorted(IN_BROWSER))
        sys.exit(f"chromium is missing: run `apt-get install chromium`, or leave {named} out with --only")
    if options.only & BESIDE_RESTIC and not shutil.which("restic"):
        named = ", ".join(sorted(BESIDE_RESTIC))
        sys.exit(f"restic is missing: run `apt-get install restic`, or leave {named} out with --only")
    cache = options.cache.resolve()
    _enter_environment(cache)
    tools = _tools()
    began = time.monotonic()

    def say(text):
        print(f"[{time.monotonic() - began:6.0f} s] {text}", flush=True)

    results = _measure(options, cache, tools, say)
    return _conclude(options, results, say)


def _measure(options, cache, tools, say):
    from harness import backup, recording
    from harness.data import Data

    data = Data(cache, options.scale, tools, say)
    scratch = cache / "run"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        results = _measure_store(options.only, data, scratch, say)
        results += _measure_edge(options, tools, scratch, say)
        results += _measure_sealing(options, data, scratch, say)
        results += recording.measure(options.only, tools, cache, scratch, options.scale, say)
        if options.only & backup.IDS:
            results += backup.measure(options.only, data, scratch, say)
    finally:
        if not options.keep:
            shutil.rmtree(scratch, ignore_errors=True)
    return sorted(results, key=lambda result: IDS.index(result["id"]))


def _measure_store(only, data, scratch, say):
    """Everything that is asked of the full data."""
    from harness import dashboard, erase, intervals, peers, sizes, small_site
    from harness.data import copied
    from harness.server import Server

    results = []
    if "disk" in only:
        results.append(sizes.disk(data, scratch))
    if not only & (LARGE_SITE | {"memory", "small-site", "erase"}):
        return results
    folder = copied(data.candor("stored") / "data", scratch / "stored")
    with Server(data.tools.candor, folder, scratch / "serve.log") as server:
        idle = sizes.memory_idle(server) if "memory" in only else None
        if only & (LARGE_SITE | {"memory"}):
            tables = copied(data.peers(), scratch / "peers")
            contestants = [peers.DuckDb(tables), peers.ClickHouse(tables)]
            contest = dashboard.Contest(server, contestants, data.start, data.last_day)
            if only & LARGE_SITE:
                results += [each for each in dashboard.measure(contest, say) if each["id"] in only]
            if "memory" in only:
                answering = dashboard.memory_while_answering(contest)
                results.append(intervals.together("memory", idle=idle, answering=answering))
            for peer in contestants:
                peer.close()
        if "small-site" in only:
            neighbours = copied(data.candor("neighbours") / "data", scratch / "neighbours")
            with Server(data.tools.candor, neighbours, scratch / "neighbours.log") as among_small:
                server.stop()
                server.start()
                results += small_site.measure(among_small, server, data.start, data.last_day, say)
        if "erase" in only:
            # Last, since what it takes out the others would miss.
            results += erase.measure(server, data.start, data.last_day, say)
    return results


def _measure_edge(options, tools, scratch, say):
    """Everything that needs no history."""
    from harness import ingest, segment, sizes
    from harness.data import DOMAINS
    from harness.server import Server

    results, only = [], options.only
    if only & (INGEST | {"segment-batch", "tracker", "ui"}):
        with Server(tools.candor, scratch / "ingest", scratch / "ingest.log") as server:
            server.add_site(DOMAINS[0])
            if only & INGEST:
                measured = ingest.measure(server, tools, scratch, options.scale, say)
                results += [each for each in measured if each["id"] in only]
            if "segment-batch" in only:
                results.append(segment.measure(server, options.scale, say))
            if "tracker" in only:
                results.append(sizes.tracker(server))
            if "ui" in only:
                results.append(sizes.ui(server, tools, scratch))
    return results


def _measure_sealing(options, data, scratch, say):
    """Everything that is measured against the same store unsealed."""
    from harness import keys, sealed

    results, memories, only = [], [], options.only
    if "sealed-ingest" in only:
        result, memory = sealed.measure_ingest(data.tools, scratch, options.scale, say)
        results.append(result)
        memories.append(memory)
    if only & sealed.OF_STORE:
        of_store, memory = sealed.measure_store(only, data, scratch, say)
        results += of_store
        memories.append(memory)
    if "keeper" in only:
        say("the keeper")
        results.append(keys.keeper(data.tools, scratch, memories))
    return results


def _conclude(options, results, say):
    from harness import report

    official = options.scale == 1 and options.only == set(IDS)
    not_measured = [id for id in IDS if id not in {result["id"] for result in results}]
    run = {"official": official, "scale": options.scale, "machine": _machine(), "results": results,
           "not_measured": not_measured}
    report.write(ROOT / "bench", run)
    for result in results:
        say(f"{'met  ' if result['met'] else 'UNMET'} {result['id']}: limit {result['limit']}, {result['measured']}")
    return 0 if all(result["met"] for result in results) else 1


def _options():
    default = Path.home() / ".cache" / "candor-bench"
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--scale", type=float, default=1.0, help="share of the 20 M events (default 1)")
    parser.add_argument("--only", default=",".join(IDS), help="which bars, by id")
    parser.add_argument("--cache", type=Path, default=default, help="where data and engines are kept")
    parser.add_argument("--keep", action="store_true", help="leave the run's copies and logs in the cache")
    options = parser.parse_args()
    options.only = set(options.only.split(","))
    if unknown := options.only - set(IDS):
        parser.error(f"no such id: {', '.join(sorted(unknown))}")
    return options


def _enter_environment(cache):
    """Goes on in a virtual environment that holds the peers, made on first use."""
    environment = cache / "python"
    if Path(sys.prefix) == environment:
        return
    python = environment / "bin" / "python"
    requirements = ROOT / "bench" / "requirements.txt"
    installed = environment / "installed.txt"
    if not installed.exists() or installed.read_text() != requirements.read_text():
        print("installing the peers", flush=True)
        venv.create(environment, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
        installed.write_text(requirements.read_text())
    os.execv(python, [python, *sys.argv])


def _tools():
    from harness.data import Tools

    # In one run, so that the product and what it is measured against are built of the very same libraries.
    build = ["cargo", "build", "--release", "--quiet", "-p", "candor", "-p", "bench"]
    subprocess.run(build, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
    unsealed = target / "candor-unsealed"
    return Tools(candor=target / "candor", unsealed=unsealed, bench=target / "bench", root=ROOT)


def _machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = int(open("/proc/meminfo").readline().split()[1]) / 2**20
    return f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GiB memory, {time.strftime('%Y-%m-%d')}."


if __name__ == "__main__":
    sys.exit(main())
