"""A visitor of the large site is erased, receipt in hand, while its dashboard is asked for again and again."""

import http.client
import json
import threading
import time

from . import panels
from .data import DOMAINS
from .intervals import at_most, median_with_interval, together

ERASED = 15
# Visitors stand in an order that has nothing to do with when they came or what they did.
LINES_BETWEEN = 200
PAUSE_S = 0.5


def measure(server, start, last_day, say):
    """Seconds from the question to the receipt, and what a warm dashboard takes beside it."""
    say(f"erasing {ERASED} visitors beside a warm dashboard")
    asked = [panel.candor for panel in panels.DASHBOARD]

    def dashboard():
        return server.queries(DOMAINS[0], start, last_day, asked)[0]

    visitors = _visitors(server, ERASED + 1)
    dashboard()
    alone = [dashboard() for _ in range(4 * ERASED)]
    # The first finds what the import left in the journal, which no later one does.
    _erase(server, visitors.pop())
    seconds, events, beside, over = [], 0, [], threading.Event()

    def ask():
        while not over.is_set():
            beside.append(dashboard())

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for visitor in visitors:
            took, found = _erase(server, visitor)
            seconds.append(took)
            events += found
            time.sleep(PAUSE_S)
    finally:
        over.set()
        asking.join()
    if not events:
        raise AssertionError("nobody who was erased had any events")
    receipt = at_most("receipt", 2, "s", median_with_interval(seconds), slowest=max(seconds), events=events)
    # A report that waited for an erasure would take as long as one.
    waiting = at_most("reports", 2, "s, p95", _p95(beside), alone=_p95(alone), asked=len(beside))
    return [together("erase", receipt=receipt, reports=waiting)]


def _erase(server, visitor):
    """Seconds, and how many events the receipt tells of."""
    path = f"/api/sites/{DOMAINS[0]}/visitors/{visitor}/erasure"
    begun = time.perf_counter()
    status, _, body = server.request("POST", path, None, {"Cookie": server.owner.cookie})
    seconds = time.perf_counter() - begun
    if status != 200 or not json.loads(body)["receipt"]:
        raise RuntimeError(f"{visitor} is not erased: {status} {body.decode()[:300]}")
    return seconds, json.loads(body)["found"]["events"]


def _visitors(server, count):
    """Some visitors of the large site, as the beginning of an export names them."""
    found = []
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    try:
        connection.request("GET", f"/api/sites/{DOMAINS[0]}/export", None, {"Cookie": server.owner.cookie})
        for number, line in enumerate(connection.getresponse()):
            visitor = json.loads(line)["visitor"]
            if number >= len(found) * LINES_BETWEEN and visitor not in found:
                found.append(visitor)
            if len(found) == count:
                return found
    finally:
        connection.close()
    raise AssertionError(f"the large site has only {len(found)} visitors")


def _p95(values):
    return sorted(values)[int(0.95 * (len(values) - 1))]
