"""What sealing costs: Candor beside the same Candor with its events unsealed, over the same segments."""

import statistics
import time
from pathlib import Path

from . import ingest, panels
from .dashboard import AGENT, PAIRS
from .data import DOMAINS, copied
from .intervals import at_most, median_with_interval, together
from .server import Server

OF_STORE = {"sealed-first", "sealed-warm", "sealed-disk", "keeper"}
CALLS = "candor_keeper_calls_total"
DECRYPTIONS = "candor_decryptions_total"
# Replaced segments are deleted within so long; what is on the disk is read after that.
COLLECTED_WITHIN_S = 480
# A server is at rest when its files have been the same for so long.
SETTLED_S = 10
# Merging may differ by what passed its hour between two runs, and no more than this share of the bytes.
SAME_SEGMENTS = 0.001


def measure_store(only, data, scratch, say):
    """The results of everything asked of full data, and what the keeper's memory was at the end."""
    folders = {kind: copied(data.candor(kind) / "data", scratch / kind) for kind in ("unsealed", "sealed")}
    sealed = Server(data.tools.candor, folders["sealed"], scratch / "sealed.log")
    with sealed, Server(data.tools.unsealed, folders["unsealed"], scratch / "unsealed.log") as unsealed:
        ask = _Asking(data)
        _settle(sealed, unsealed)
        results = []
        if "sealed-first" in only:
            results.append(_first(sealed, unsealed, ask, say))
        if "sealed-warm" in only:
            say("a warm dashboard of sealed data")
            results.append(_warm(sealed, ask))
        if "sealed-disk" in only:
            say("what is sealed on the disk")
            results.append(_disk(sealed, unsealed))
        ask(sealed)
        return results, sealed.memory_mb("keeper")


class _Asking:
    """The whole dashboard of the large site."""

    def __init__(self, data):
        self.start, self.last_day = data.start, data.last_day

    def __call__(self, server):
        """Seconds, and the rows of each panel."""
        asked = [panel.candor for panel in panels.DASHBOARD]
        return server.queries(DOMAINS[0], self.start, self.last_day, asked)


def _settle(*servers):
    """Waits until neither merges what has become due since its data was made."""
    seen, since = None, time.monotonic()
    while time.monotonic() - since < SETTLED_S:
        held = [server.metric(name) for server in servers for name in ("candor_segments", "candor_journal_files")]
        if held != seen:
            seen, since = held, time.monotonic()
        time.sleep(0.5)


def _first(sealed, unsealed, ask, say):
    """The first dashboard after a restart, in turns."""
    seen = {name: {"seconds": [], "app": []} for name in ("sealed", "unsealed")}
    servers = [("sealed", sealed), ("unsealed", unsealed)]
    for turn in range(-1, PAIRS):
        answers = []
        for name, server in servers[:: 1 if turn % 2 else -1]:
            server.stop()
            server.start()
            cpu = server.cpu_s("app")
            seconds, answer = ask(server)
            answers.append(answer)
            if turn >= 0:
                seen[name]["seconds"].append(seconds)
                seen[name]["app"].append(server.cpu_s("app") - cpu)
        if answers[0] != answers[1]:
            raise AssertionError("sealing changes an answer")
        if turn >= 0:
            say(f"first dashboard {turn + 1} of {PAIRS}: "
                + ", ".join(f"{name} {times['seconds'][-1]:.3f} s" for name, times in seen.items()))
    ratios = [a / b for a, b in zip(seen["sealed"]["seconds"], seen["unsealed"]["seconds"])]
    beside = {
        "seconds": {name: statistics.median(times["seconds"]) for name, times in seen.items()},
        "seconds of CPU in app": {name: statistics.median(times["app"]) for name, times in seen.items()},
        # Since the process began: the restart's own questions and the first dashboard's.
        "keeper calls": int(sealed.metric(CALLS)),
        "decryptions": int(sealed.metric(DECRYPTIONS)),
        "segments": int(sealed.metric("candor_segments")),
    }
    return at_most("sealed-first", 1.25, "× unsealed", median_with_interval(ratios), **beside)


def _warm(server, ask):
    """What the second and every following dashboard of somebody who is signed in asks of the keeper, which is who they
    are, and opens; nothing new in between."""
    ask(server)
    calls, decryptions = zip(*[_cost(server, ask) for _ in range(PAIRS)])
    with_news = []
    for number in range(PAIRS):
        event = {"n": "pageview", "u": f"https://{DOMAINS[0]}/warm/{number}", "d": DOMAINS[0]}
        server.post_event(event, AGENT)
        with_news.append(_cost(server, ask))
    news_calls, news_decryptions = zip(*with_news)
    return together(
        "sealed-warm",
        calls=at_most("calls", 1, "keeper calls", _most(calls), **{"with one new event": _span(news_calls)}),
        decryptions=at_most("decryptions", 0, "decryptions", max(decryptions),
                            **{"with one new event": _span(news_decryptions)}),
    )


def _cost(server, ask):
    """Keeper calls and decryptions of one dashboard."""
    before = [server.metric(name) for name in (CALLS, DECRYPTIONS)]
    ask(server)
    return [int(server.metric(name) - count) for name, count in zip((CALLS, DECRYPTIONS), before)]


def _most(calls):
    """The most that a dashboard asked. Once a minute the server itself asks whose rights have ended, which falls into one
    of the rounds at most."""
    return sorted(calls)[-2]


def _span(counts):
    return {"median": statistics.median(counts), "most": max(counts)}


def _disk(sealed, unsealed):
    """Bytes of the live segments' files; both stores must hold the same segments."""
    plain = [server.metric("candor_segment_bytes") for server in (sealed, unsealed)]
    if abs(plain[0] / plain[1] - 1) > SAME_SEGMENTS:
        raise AssertionError(f"the stores do not hold the same segments: {plain}")
    held = {name: _segment_bytes(server) for name, server in (("sealed", sealed), ("unsealed", unsealed))}
    return at_most("sealed-disk", 1.01, "× unsealed", held["sealed"] / held["unsealed"], bytes=held,
                   segments=int(sealed.metric("candor_segments")))


def _segment_bytes(server):
    """Waits until nothing is there but live segments, and adds them up."""
    deadline = time.monotonic() + COLLECTED_WITHIN_S
    while time.monotonic() < deadline:
        files = [path.stat().st_size for path in (Path(server.data) / "segments").rglob("*.parquet")]
        if len(files) == server.metric("candor_segments"):
            return sum(files)
        time.sleep(1)
    raise RuntimeError(f"replaced segments of {server.data} are not deleted")


def measure_ingest(tools, scratch, scale, say):
    """CPU per event of `edge`, and the keeper's memory at the end."""
    folders = {"sealed": scratch / "ingest-sealed", "unsealed": scratch / "ingest-unsealed"}
    programs = {"sealed": tools.candor, "unsealed": tools.unsealed}
    with (
        Server(programs["sealed"], folders["sealed"], scratch / "ingest-sealed.log") as sealed,
        Server(programs["unsealed"], folders["unsealed"], scratch / "ingest-unsealed.log") as unsealed,
    ):
        for server in (sealed, unsealed):
            server.add_site(DOMAINS[0])
        seen = _ingest_turns({"sealed": sealed, "unsealed": unsealed}, tools, ingest.events_per_turn(scale), say)
        memory = sealed.memory_mb("keeper")
    ratios = [a / b for a, b in zip(seen["sealed"]["edge"], seen["unsealed"]["edge"])]
    beside = {
        f"{role}, µs": {name: statistics.median(used[role]) for name, used in seen.items()}
        for role in ("edge", "worker", "keeper")
    }
    beside["p99, ms"] = {name: statistics.median(used["wait_ms"]) for name, used in seen.items()}
    return at_most("sealed-ingest", 1.15, "× unsealed", median_with_interval(ratios), **beside), memory


def _ingest_turns(servers, tools, events, say):
    """For each server, microseconds of CPU per event by role and the 99th percentile of the wait, a list of each."""
    roles = ("edge", "worker", "keeper")
    seen = {name: {role: [] for role in (*roles, "wait_ms")} for name in servers}
    for turn in range(-1, PAIRS):
        for name in list(servers)[:: 1 if turn % 2 else -1]:
            server = servers[name]
            before = {role: server.cpu_s(role) for role in roles}
            sent = ingest.send(tools, f"127.0.0.1:{server.port}", (turn + 1) * events, events)
            if turn < 0:
                continue
            for role in roles:
                seen[name][role].append((server.cpu_s(role) - before[role]) / events * 1e6)
            seen[name]["wait_ms"].append(sent["p99_us"] / 1e3)
        if turn >= 0:
            say(f"sealed ingest {turn + 1} of {PAIRS}: "
                + ", ".join(f"{name} {used['edge'][-1]:.1f} µs" for name, used in seen.items()))
    return seen
