"""What the keeper costs: the wait for one key, and memory."""

import json
import statistics
import subprocess

from .dashboard import PAIRS
from .intervals import at_most, median_with_interval, together

CALLS_PER_TURN = 1_000


def keeper(tools, scratch, memories):
    """`memories` are those of real keepers after their work: {name: megabytes} each."""
    folder = scratch / "keeper"
    folder.mkdir()
    command = [tools.bench, "keeper", "--folder", folder, "--turns", str(PAIRS), "--calls", str(CALLS_PER_TURN)]
    turns = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    seen = {name: [turn[name] / 1e3 for turn in turns] for name in turns[0]}
    beside = {
        "calls": PAIRS * CALLS_PER_TURN,
        "p50_ms": statistics.median(seen["p50_us"]),
        "max_ms": max(seen["max_us"]),
        "disk_sync_p50_ms": statistics.median(seen["sync_p50_us"]),
        "disk_sync_p99_ms": statistics.median(seen["sync_p99_us"]),
    }
    most = max(memories, key=lambda memory: memory["resident"])
    return together(
        "keeper",
        opening=at_most("opening", 1, "ms", median_with_interval(seen["p99_us"]), **beside),
        memory=at_most("memory", 15, "MB", most["resident"], proportional=most["proportional"]),
    )
