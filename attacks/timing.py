#!/usr/bin/env python3
"""Whether one can tell by the time of the answer if an e-mail address is known: medians of interleaved pairs of wrong
passwords, for a known and an unknown address, differ by at most 2 %; and on a server that hashes nothing for who is unknown
the same measurement tells them apart. It takes minutes, and the machine to itself.

    python3 attacks/timing.py [PAIRS]         ATTACKS_BIN names the twin of the server
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from arsenal.server import Server

PAIRS = 500
DIFFERENCE_MAX = 0.02
# Wrong tries of an account that it does not have to wait after.
TRIES_OF_ACCOUNT = 4
# What the twin is measured by: the difference is so plain that few will do.
PAIRS_OF_TWIN = 20


def main():
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS
    known, unknown = _medians([], pairs)
    difference = abs(known - unknown) / known
    print(f"known {known * 1e3:.1f} ms, unknown {unknown * 1e3:.1f} ms: {difference:.2%} of {DIFFERENCE_MAX:.0%}")
    twin_known, twin_unknown = _medians(["dummy"], PAIRS_OF_TWIN)
    told_apart = abs(twin_known - twin_unknown) / twin_known
    print(f"without the dummy: known {twin_known * 1e3:.1f} ms, unknown {twin_unknown * 1e3:.1f} ms: {told_apart:.0%}")
    sys.exit(0 if difference <= DIFFERENCE_MAX < told_apart else 1)


def _medians(without, pairs):
    """Seconds until a wrong password is refused: for addresses that are known, and for others."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["--behind-proxy", "127.0.0.1/32"]
        with Server(os.environ["ATTACKS_BIN"], Path(folder), without=without, arguments=arguments) as server:
            people = -(-pairs // TRIES_OF_ACCOUNT)
            for number in range(people):
                server.invite(f"known{number}")
            seconds = {"known": [], "unknown": []}
            for pair in range(pairs):
                # Whoever is asked first in a pair is asked second in the next.
                for at, kind in enumerate(("known", "unknown") if pair % 2 else ("unknown", "known")):
                    seconds[kind].append(_refused(server, f"{kind}{pair % people}", 2 * pair + at))
            return statistics.median(seconds["known"]), statistics.median(seconds["unknown"])


def _refused(server, name, number):
    # Each from a network of its own: from one, an attack would be held up.
    headers = {"X-Forwarded-For": f"10.{number // 250}.{number % 250}.1", "X-Forwarded-Proto": "https"}
    body = {"email": f"{name}@example.com", "password": "a password that is wrong"}
    begun = time.perf_counter()
    status, _, answer = server.ask("POST", "/api/session", body, headers)
    took = time.perf_counter() - begun
    if status != 401:
        raise RuntimeError(f"{name}: {status} {answer}")
    return took


if __name__ == "__main__":
    main()
