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
EVENTS_PER_TURN = 40_000
# Where the bare handler listens.
BARE = "127.0.0.1:17390"
# A disk that syncs slower than this cannot show what the bar asks.
SYNC_MS_EXPECTED = 0.2


def measure(server, tools, scratch, say):
    """CPU per event of `edge` against a bare handler, and the wait for an acknowledgement, in turns."""
    bare = subprocess.Popen([tools.bench, "bare", "--listen", BARE])
    try:
        _wait_for(tools, bare)
        return _measure(server, bare, tools, scratch, say)
    finally:
        bare.terminate()
        bare.wait()


def _measure(server, bare, tools, scratch, say):
    target = f"127.0.0.1:{server.port}"
    edge, worker, first = [], [], 1 << 40
    bare_us, waits = [], []
    for turn in range(-1, PAIRS):
        first += EVENTS_PER_TURN
        before = cpu_s(bare.pid)
        _send(tools, BARE, first, EVENTS_PER_TURN)
        bare_turn = (cpu_s(bare.pid) - before) / EVENTS_PER_TURN * 1e6
        before = {role: server.cpu_s(role) for role in ("edge", "worker")}
        sent = _send(tools, target, first, EVENTS_PER_TURN)
        used = {role: (server.cpu_s(role) - before[role]) / EVENTS_PER_TURN * 1e6 for role in before}
        if turn < 0:
            continue
        edge.append(used["edge"])
        worker.append(used["worker"])
        bare_us.append(bare_turn)
        waits.append(sent["p99_us"] / 1e3)
        say(f"ingest {turn + 1} of {PAIRS}: edge {edge[-1]:.1f} µs, bare {bare_turn:.1f} µs an event, "
            f"p99 {waits[-1]:.1f} ms, {EVENTS_PER_TURN / sent['seconds']:,.0f} events/s")
    beside = {"edge_us": statistics.median(edge), "worker_us": statistics.median(worker),
              "bare_us": statistics.median(bare_us)}
    ratios = [mine / theirs for mine, theirs in zip(edge, bare_us)]
    sync_ms = _sync_ms(scratch)
    return [
        at_most("ingest-cpu", 2, "× a bare handler's CPU", median_with_interval(ratios), **beside),
        at_most("ingest-p99", 10, "ms", median_with_interval(waits), connections=CONNECTIONS,
                disk_sync_ms=sync_ms, disk_expected_ms=SYNC_MS_EXPECTED),
    ]


def _send(tools, target, first, events):
    command = [tools.bench, "load", "--target", target, "--domain", DOMAINS[0], "--connections", str(CONNECTIONS),
               "--events", str(events), "--first", str(first)]
    sent = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    if sent["answers"] != {"202": events}:
        raise AssertionError(f"{target} answered {sent['answers']}")
    return sent


def _wait_for(tools, bare):
    for _ in range(100):
        try:
            return _send(tools, BARE, 0, CONNECTIONS)
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
