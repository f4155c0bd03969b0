"""What recordings cost: bytes that are sent and kept, the script, the main thread of a page, the gate and the player.

The pages, the recorders that Candor's is measured beside and who visits are in `bench/recording`; they run under
Node in the cache, where what they are made of is installed from npm on first use.
"""

import json
import os
import shutil
import statistics
import subprocess

from .intervals import at_least, at_most, median_with_interval, together
from .owner import JSON
from .server import Server

OF_VISITS = {"recording-sent", "recording-stored"}
OF_SERVER = OF_VISITS | {"recorder", "recording-main"}
# The sites of `bench/recording/sink.mjs`, and what text passes there.
SITES = {"clear.example": "clear", "starred.example": "starred"}
VISITS = 100
# As few as show what many were shown, which takes 20 visitors of a page.
VISITS_IN_DEVELOPMENT = 50
# Visits of everybody else, who stand beside the bar.
VISITS_BESIDE = 10
VISITS_AT_ONCE = 12
BESIDE = {"starred": "Candor, text starred", "like": "rrweb set as Candor", "posthog": "PostHog", "sentry": "Sentry"}
ROUNDS = 15
ROUNDS_IN_DEVELOPMENT = 5
SEEKS = 100
MS_A_MINUTE = 60_000


def measure(only, tools, cache, scratch, scale, say):
    """Those of `only` that are measured here."""
    results = []
    if only & OF_SERVER:
        room = _installed(cache, tools, say)
        with Server(tools.candor, scratch / "recording", scratch / "recording.log") as server:
            for domain, text in SITES.items():
                _add_recorded(server, domain, text)
            if only & OF_VISITS:
                results += _visits(tools, server, room, scratch, scale, say)
            if "recorder" in only:
                results.append(_recorder(server, room))
            if "recording-main" in only:
                results.append(_main_thread(server, room, scale, say))
    if "gate" in only:
        say("the gate for recordings")
        results.append(_gate(tools))
    if "player" in only:
        results.append(_player(tools, scale, say))
    return [result for result in results if result["id"] in only]


def _installed(cache, tools, say):
    """A copy of `bench/recording` with its packages."""
    source, room = tools.root / "bench" / "recording", cache / "recording"
    lock = (source / "package-lock.json").read_bytes()
    known = room / "package-lock.json"
    is_installed = known.exists() and known.read_bytes() == lock and (room / "node_modules").exists()
    shutil.copytree(source, room, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    if not is_installed:
        say("installing the recorders beside ours")
        subprocess.run(["npm", "ci", "--prefer-offline", "--ignore-scripts", "--silent"], cwd=room, check=True)
    return room


def _add_recorded(server, domain, text):
    server.add_site(domain)
    change = json.dumps({"identity": "always", "recording": {"on": True, "text": text}})
    headers = JSON | {"Authorization": f"Bearer {server.owner.key}"}
    status, _, body = server.request("PATCH", f"/api/sites/{domain}", change, headers)
    if status != 200:
        raise RuntimeError(f"{domain} is not recorded: {status} {body.decode()[:300]}")


def _run(room, script, *words):
    command = ["node", script, *map(str, words)]
    return json.loads(subprocess.run(command, cwd=room, check=True, stdout=subprocess.PIPE).stdout)


def _visits(tools, server, room, scratch, scale, say):
    visits = VISITS if scale == 1 else VISITS_IN_DEVELOPMENT
    chunks = scratch / "chunks"
    say(f"{visits} visits with each recorder, {VISITS_AT_ONCE} at once")
    told = _run(room, "visits.mjs", server.port, visits, VISITS_AT_ONCE, chunks, "candor", "rrweb")
    say(f"{VISITS_BESIDE} visits with each of the recorders beside them")
    told += _run(room, "visits.mjs", server.port, VISITS_BESIDE, VISITS_AT_ONCE, chunks, *BESIDE)
    made = {(visit["recorder"], visit["visit"]): visit for visit in told}
    return [_sent(made, visits), _stored(tools, made, visits, chunks / "candor", scratch)]


def _sent(made, visits):
    rate = {key: visit["bytes"] / visit["ms"] * MS_A_MINUTE for key, visit in made.items()}
    ratios = [rate["candor", number] / rate["rrweb", number] for number in range(1, visits + 1)]
    some = range(1, VISITS_BESIDE + 1)
    names = {"candor": "Candor", "rrweb": "rrweb"} | BESIDE
    kib = {name: statistics.median(rate[who, number] for number in some) / 1024 for who, name in names.items()}
    minutes = statistics.median(visit["ms"] for visit in made.values()) / MS_A_MINUTE
    asked = sum(made["candor", number]["asked"] for number in range(1, visits + 1))
    beside = {"KiB a minute": kib, "minutes a visit": minutes, "snapshots asked for": asked}
    return at_most("recording-sent", 0.6, "× rrweb with gzip", median_with_interval(ratios), **beside)


def _stored(tools, made, visits, chunks, scratch):
    """What the product keeps, its index included, against one gzip stream of all events of each visit."""
    command = [tools.bench, "stored", "--visits", chunks, "--data", scratch / "stored-recordings", "--clear"]
    kept = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    numbers = range(1, visits + 1)
    minutes = {who: sum(made[who, each]["ms"] for each in numbers) / MS_A_MINUTE for who in ("candor", "rrweb")}
    ours = (kept["at_rest"] + kept["ledger"]) / minutes["candor"]
    theirs = sum(made["rrweb", each]["stored"] for each in numbers) / minutes["rrweb"]
    beside = {"Candor": ours / 1024, "rrweb, a gzip stream for each visit": theirs / 1024}
    shares = {name: kept[name] / 1024 for name in ("events", "taken_in", "at_rest", "dictionaries", "ledger")}
    return at_most("recording-stored", 0.35, "× rrweb JSON with gzip", ours / theirs, visits=visits,
                   **{"KiB a minute": beside, "KiB of Candor in all": shares})


def _recorder(server, room):
    status, headers, body = server.request("GET", "/r.js", headers={"Accept-Encoding": "br"})
    if status != 200 or headers["content-encoding"] != "br":
        raise RuntimeError(f"/r.js: {status}, encoded as {headers['content-encoding']}")
    peers = {name: size / 1024 for name, size in _run(room, "sizes.mjs").items()}
    return at_most("recorder", 32, "KiB", len(body) / 1024, **{"peers, KiB": peers})


def _main_thread(server, room, scale, say):
    rounds = _rounds(scale)
    say(f"the main thread of a page of 10,000 nodes, {rounds} rounds")
    told = _run(room, "main-thread.mjs", server.port, rounds, "none", "alone", "plain", "candor")
    of = {(each["recorder"], each["round"]): each for each in told}
    every = range(1, rounds + 1)
    ratios = [of["candor", number]["ms"] / of["alone", number]["ms"] for number in every]
    names = {"none": "without a recorder", "alone": "rrweb alone", "plain": "rrweb with gzip", "candor": "Candor"}
    ms = {name: statistics.median(of[who, number]["ms"] for number in every) for who, name in names.items()}
    longest = {
        name: max(of[who, number]["longest_ms"] for number in every) for who, name in names.items() if who != "none"
    }
    return together(
        "recording-main",
        time=at_most("time", 1.15, "× rrweb alone", median_with_interval(ratios), ms=ms),
        longest=at_most("longest", 50, "ms", longest["Candor"], longest=longest),
    )


def _rounds(scale):
    return ROUNDS if scale == 1 else ROUNDS_IN_DEVELOPMENT


def _gate(tools):
    command = [tools.bench, "gate", "--turns", str(ROUNDS)]
    kinds = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    parts = {
        kind["kind"]: at_least(kind["kind"], 150, "MB/s", median_with_interval(kind["gate_mb_per_s"]),
                               bytes=kind["bytes"], parsing=statistics.median(kind["parse_mb_per_s"]))
        for kind in kinds
    }
    return together("gate", **parts)


def _player(tools, scale, say):
    """Its own script drives the UI over a server of its own; what counts is the 95th percentile, not the median."""
    say("the player")
    wanted = {"CANDOR_BIN": str(tools.candor), "TIMES": str(_rounds(scale)), "SEEKS": str(SEEKS)}
    command = ["node", "--import", "tsx", "src/speed/player.ts"]
    folder, environment = tools.root / "web" / "e2e", os.environ | wanted
    told = subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE)
    seen = json.loads(told.stdout.splitlines()[-1])
    opened = {"p50": seen["open_ms"]["p50"], "address": seen["address_ms"], "opens": seen["opens"]}
    return together(
        "player",
        open=at_most("open", 500, "ms", seen["open_ms"]["p95"], **opened),
        seek=at_most("seek", 300, "ms", seen["seek_ms"]["p95"], p50=seen["seek_ms"]["p50"], seeks=seen["seeks"]),
    )
