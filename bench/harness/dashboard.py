"""A dashboard of the large site, warm and after a restart; a filtered panel; current visitors; memory meanwhile."""

import datetime
import threading
import time
import uuid

from . import panels
from .data import DOMAINS
from .intervals import at_most, median_with_interval

PAIRS = 15
LIVE_VISITORS = 300
UNWATCHED_S = 1.5
CURRENT_WINDOW = datetime.timedelta(minutes=5)
# What Candor says for an unknown value, beside the peers' empty text.
UNKNOWN = {"(not set)", "(none)", "Direct / None"}
AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/143.0.0.0 Safari/537.36"
)


class Contest:
    """Candor and both peers over the same rows, given the same new events."""

    def __init__(self, server, peers, start, last_day):
        self.server, self.peers = server, peers
        self.start, self.last_day = start, last_day
        self.added = 0

    def add_events(self, count=1):
        """Adds new events of new visitors to everyone, so that no answer can be one that was remembered."""
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        rows = []
        for _ in range(count):
            self.added += 1
            visitor = str(uuid.UUID(int=(7 << 76) + (2 << 62) + self.added, version=4))
            event = {"n": "pageview", "u": f"https://{DOMAINS[0]}/", "d": DOMAINS[0], "visitor": visitor,
                     "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
            self.server.post_event(event, AGENT)
            rows.append({
                "site": 1, "visitor": visitor, "visit": self.added, "ts": now.strftime("%Y-%m-%d %H:%M:%S"),
                "event": "pageview", "hostname": DOMAINS[0], "pathname": "/", "referrer": "", "source": "",
                "channel": "Direct", "utm_medium": "", "utm_source": "", "utm_campaign": "", "utm_content": "",
                "utm_term": "", "country": "", "region": "", "city": "", "browser": "Chrome",
                "browser_version": "143.0", "os": "Windows", "os_version": "10", "device": "Desktop", "screen": "",
                "language": "", "interactive": 1, "scroll_depth": 255, "engaged_ms": 0, "props": "", "revenue": 0,
                "currency": "",
            })
        for peer in self.peers:
            peer.insert(rows)

    def ask_candor(self, asked):
        """Seconds, and the rows of each panel."""
        return self.server.queries(DOMAINS[0], self.start, self.last_day, [panel.candor for panel in asked])

    def ask_peer(self, peer, asked):
        """Summed seconds, and the rows of each panel."""
        end = self.last_day + datetime.timedelta(days=1)
        begun = time.perf_counter()
        answers = [peer.ask(panel, 1, f"{self.start} 00:00:00", f"{end} 00:00:00") for panel in asked]
        return time.perf_counter() - begun, answers

    def round(self, asked, turn):
        """{name: seconds} of everyone, asked in turn; all answers must be identical."""
        self.add_events()
        contestants = [("Candor", lambda: self.ask_candor(asked))]
        contestants += [(peer.name, lambda peer=peer: self.ask_peer(peer, asked)) for peer in self.peers]
        turn %= len(contestants)
        seconds, answers = {}, {}
        for name, ask in contestants[turn:] + contestants[:turn]:
            seconds[name], answers[name] = ask()
        self.assert_identical(asked, answers)
        return seconds

    def assert_identical(self, asked, answers):
        for name, answer in answers.items():
            for panel, mine, theirs in zip(asked, answers["Candor"], answer):
                if _compared(mine) != _compared(theirs):
                    raise AssertionError(f"{panel.id}: Candor says {mine[:12]}, {name} says {theirs[:12]}")


def measure(contest, say):
    """The results of everything asked of the large site."""
    peers = [peer.name for peer in contest.peers]
    say("current visitors")
    live = _realtime(contest)
    say("warming everyone up")
    contest.round(panels.DASHBOARD, 0)
    contest.round([panels.DRILL_DOWN], 0)
    say(f"one filtered panel, {PAIRS} rounds")
    drill = [contest.round([panels.DRILL_DOWN], turn) for turn in range(PAIRS)]
    warm, first = [], []
    for turn in range(PAIRS):
        warm.append(contest.round(panels.DASHBOARD, turn))
        first.append(_after_restart(contest))
        say(f"dashboard {turn + 1} of {PAIRS}: " + ", ".join(f"{who} {s:.3f} s" for who, s in warm[-1].items())
            + f"; after a restart {first[-1]:.3f} s")
    # Against the faster peer of each round, so that the bar is met against each of them.
    smaller = [min(times[name] for name in peers) for times in warm]
    return [
        _ratio("dashboard-warm", 1 / 20, [t["Candor"] / s for t, s in zip(warm, smaller)], _medians(warm)),
        _ratio("dashboard-first", 1 / 3, [f / s for f, s in zip(first, smaller)],
               _medians(warm) | {"Candor, first": _median(first)}),
        _ratio("drill-down", 1, [_to_fastest(times, peers) for times in drill], _medians(drill)),
        _ratio("realtime", 1, [_to_fastest(times, peers) for times in live], _medians(live)),
    ]


def _realtime(contest):
    contest.add_events(LIVE_VISITORS)
    rounds = []
    for turn in range(-1, PAIRS):
        # The server counts once for all who watch a site. It learns from news it cannot deliver that the last
        # watcher has gone; the next to come is then counted for anew.
        contest.add_events()
        time.sleep(UNWATCHED_S)
        contest.add_events()
        since = datetime.datetime.now(datetime.timezone.utc) - CURRENT_WINDOW
        until = since + 2 * CURRENT_WINDOW
        sql = "SELECT count(DISTINCT visitor) FROM e WHERE {where} AND event = 'pageview'"
        seconds = {}
        seconds["Candor"], current = contest.server.current_visitors(DOMAINS[0])
        for peer in contest.peers:
            begun = time.perf_counter()
            answer = peer.run(sql, 1, f"{since:%Y-%m-%d %H:%M:%S}", f"{until:%Y-%m-%d %H:%M:%S}")
            seconds[peer.name] = time.perf_counter() - begun
            if answer != [(current,)]:
                raise AssertionError(f"current visitors: Candor says {current}, {peer.name} says {answer}")
        if turn >= 0:
            rounds.append(seconds)
    return rounds


def _after_restart(contest):
    contest.server.stop()
    contest.server.start()
    seconds, _ = contest.ask_candor(panels.DASHBOARD)
    # The next round meets a warm server again.
    contest.ask_candor(panels.DASHBOARD)
    return seconds


def memory_while_answering(contest):
    """The largest sum over all processes, sampled while the dashboard is asked for again and again."""
    samples, over = [], threading.Event()

    def watch():
        while not over.is_set():
            samples.append(sum(contest.server.pss_by_role_mb().values()))
            over.wait(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(10):
        contest.add_events()
        contest.ask_candor(panels.DASHBOARD)
    over.set()
    watcher.join()
    return at_most("answering", 700, "MB", max(samples), samples=len(samples))


def _compared(rows):
    """Rows as they are compared: unknown values alike, numbers as numbers."""
    return [tuple("" if value in UNKNOWN else value for value in row) for row in rows]


def _to_fastest(times, peers):
    return times["Candor"] / min(times[name] for name in peers)


def _ratio(id, limit, ratios, seconds):
    return at_most(id, limit, "× the faster peer", median_with_interval(ratios), seconds=seconds)


def _medians(rounds):
    return {name: _median([times[name] for times in rounds]) for name in rounds[0]}


def _median(values):
    return sorted(values)[len(values) // 2]
