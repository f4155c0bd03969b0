"""The small site's dashboard must not slow down because other sites on the server grow."""

import datetime
import uuid

from . import panels
from .dashboard import AGENT, PAIRS
from .data import DOMAINS
from .intervals import at_most, median_with_interval, together

ROWS_DECODED = "candor_rows_decoded_total"


def measure(among_small, among_large, start, last_day, say):
    """Two servers with the same small site: its neighbours have 1 M events here and 19 M there."""
    say("the small site among small and among large neighbours")
    asked = [panel.candor for panel in panels.DASHBOARD]
    servers = [among_small, among_large]
    decoded = []
    for server in servers:
        before = server.metric(ROWS_DECODED)
        server.queries(DOMAINS[2], start, last_day, asked)
        decoded.append(server.metric(ROWS_DECODED) - before)
    ratios = []
    for turn in range(PAIRS):
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
        event = {"n": "pageview", "u": f"https://{DOMAINS[2]}/", "d": DOMAINS[2],
                 "visitor": str(uuid.UUID(int=turn, version=4)), "timestamp": now}
        seconds, answers = {}, []
        for server in servers[:: 1 if turn % 2 else -1]:
            server.post_event(event, AGENT)
            seconds[server], answer = server.queries(DOMAINS[2], start, last_day, asked)
            answers.append(answer)
        if answers[0] != answers[1]:
            raise AssertionError("the small site's numbers depend on its neighbours")
        ratios.append(seconds[among_large] / seconds[among_small])
    rows = at_most("rows", 1.10, "× rows decoded", decoded[1] / max(decoded[0], 1), rows=decoded)
    return [together("small-site", rows=rows, time=at_most("time", 1.25, "× time", median_with_interval(ratios)))]
