"""What a durable, fully processed event costs, and how long its sender waits."""

import json
import os
import statistics
import subprocess
import time

from .data import DOMAINS
from .intervals import at_most, median_with_interval
from .server import cpu_s

PAIRS = 15
CONNECTIONS = 64
# Different requests, no two of one agent, address or path.
VARIANTS = 12_800
EVENTS_PER_TURN = 40_000
EVENTS_PER_TURN_IN_DEVELOPMENT = 10_000
# Where the bare handler listens.
BARE = "127.0.0.1:17390"
# A disk that syncs slower than this cannot show what the bar asks.
SYNC_MS_EXPECTED = 0.2


def measure(server, tools, scratch, scale, say):
    """CPU per event of `edge` against a bare handler, and the wait for an acknowledgement, in turns."""
    bare = subprocess.Popen([tools.bench, "bare", "--listen", BARE])
    try:
        _wait_for(tools, bare)
        return _results(_turns(server, bare, tools, events_per_turn(scale), say), _sync_ms(scratch))
    finally:
        bare.terminate()
        bare.wait()


def events_per_turn(scale):
    """Fewer during development."""
    return EVENTS_PER_TURN if scale == 1 else EVENTS_PER_TURN_IN_DEVELOPMENT


def _turns(server, bare, tools, events, say):
    """Microseconds of CPU per event and the 99th percentile of the wait, a list of each, after a turn to warm up."""
    target = f"127.0.0.1:{server.port}"
    seen = {"edge": [], "worker": [], "bare": [], "wait_ms": []}
    for turn in range(-1, PAIRS):
        first = (turn + 2) * events
        before = cpu_s(bare.pid)
        send(tools, BARE, first, events)
        used = {"bare": cpu_s(bare.pid) - before}
        before = {role: server.cpu_s(role) for role in ("edge", "worker")}
        sent = send(tools, target, first, events)
        used |= {role: server.cpu_s(role) - before[role] for role in before}
        if turn < 0:
            continue
        for role, seconds in used.items():
            seen[role].append(seconds / events * 1e6)
        seen["wait_ms"].append(sent["p99_us"] / 1e3)
        say(f"ingest {turn + 1} of {PAIRS}: edge {seen['edge'][-1]:.1f} µs, bare {seen['bare'][-1]:.1f} µs an event, "
            f"p99 {seen['wait_ms'][-1]:.1f} ms, {events / sent['seconds']:,.0f} events/s")
    # Beside it: what an event costs whose agent was never seen before.
    before = server.cpu_s("edge")
    send(tools, target, (PAIRS + 2) * events, events, variants=(VARIANTS, VARIANTS + events))
    seen["edge, agents never seen"] = [(server.cpu_s("edge") - before) / events * 1e6]
    return seen


def _results(seen, sync_ms):
    ratios = [edge / bare for edge, bare in zip(seen["edge"], seen["bare"])]
    beside = {f"{who}, µs": statistics.median(times) for who, times in seen.items() if who != "wait_ms"}
    return [
        at_most("ingest-cpu", 2, "× a bare handler's CPU", median_with_interval(ratios), **beside),
        at_most("ingest-p99", 10, "ms", median_with_interval(seen["wait_ms"]), connections=CONNECTIONS,
                disk_sync_ms=sync_ms, disk_expected_ms=SYNC_MS_EXPECTED),
    ]


def send(tools, target, first, events, variants=(0, VARIANTS)):
    """Sends so many events and insists that each was taken; how long that took."""
    command = [tools.bench, "load", "--target", target, "--domain", DOMAINS[0], "--connections", str(CONNECTIONS),
               "--variants", "{},{}".format(*variants), "--events", str(events), "--first", str(first)]
    sent = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    if sent["answers"] != {"202": events}:
        raise AssertionError(f"{target} answered {sent['answers']}")
    return sent


def _wait_for(tools, bare):
    for _ in range(100):
        try:
            return send(tools, BARE, 0, CONNECTIONS)
        except subprocess.CalledProcessError:
            if bare.poll() is not None:
                raise
            time.sleep(0.05)
    raise RuntimeError("the bare handler does not answer")


def _sync_ms(scratch):
    """The median time that this disk takes to append 16 KiB and sync it."""
    descriptor = os.open(scratch / "sync-probe", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    times = []
    for _ in range(200):
        begun = time.perf_counter()
        os.write(descriptor, b"x" * 16384)
        os.fdatasync(descriptor)
        times.append(time.perf_counter() - begun)
    os.close(descriptor)
    return statistics.median(times) * 1e3
