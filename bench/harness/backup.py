"""Backups: the first of the whole store, the second day's, and a restore, beside Debian's restic over the same store and on the
same disk; and the dashboard of the large site while one is made."""

import os
import shutil
import statistics
import subprocess
import threading
import time

from . import panels
from .data import DAYS, DOMAINS, copied, wait_until_at_rest
from .intervals import at_most, median_with_interval, together
from .server import Server

IDS = {"backup", "backup-second-day", "restore", "dashboard-while-backup"}
ROUNDS = 5
PAIRS = 15
# Events of a day of the whole data, which is 20 M of 90 days.
DAY_OF_EVENTS = 20_000_000 // DAYS
FIRST_WITHIN_S = 120
PASSWORD = {"RESTIC_PASSWORD": "bench", "RESTIC_PROGRESS_FPS": "0"}


def measure(only, data, scratch, say):
    """Those of `only` that are measured here."""
    house = _House(data, scratch)
    with house.serve() as server:
        house.wait_for_first()
        results = []
        if only & {"backup", "backup-second-day", "restore"}:
            results += _beside_restic(only, house, server, data, say)
        if "dashboard-while-backup" in only:
            results.append(_dashboard(house, server, data, say))
    return [result for result in results if result["id"] in only]


class _House:
    """A store, a target, a pair of keys, and a place for restic."""

    def __init__(self, data, scratch):
        self.candor, self.scratch = data.tools.candor, scratch
        self.data = copied(data.candor("stored") / "data", scratch / "backed-up")
        self.target, self.repository = scratch / "target", scratch / "restic"
        self.identity = scratch / "identity"
        self.target.mkdir()
        self.identity.unlink(missing_ok=True)
        subprocess.run([self.candor, "backup", "keygen", "--output", self.identity], check=True, stderr=subprocess.DEVNULL)
        first = self.identity.read_text().splitlines()[0]
        self.recipient = first.removeprefix("# public key: ")
        # Who signed in to the server; what was restored knows them.
        self.owner = None

    def serve(self):
        arguments = ["--backup-to", self.target, "--backup-recipient", self.recipient]
        return Server(self.candor, self.data, self.scratch / "backed-up.log", arguments)

    def wait_for_first(self):
        """A server makes one as soon as it starts."""
        deadline = time.monotonic() + FIRST_WITHIN_S
        while not list(self.target.glob("snapshots/*.json")):
            if time.monotonic() > deadline:
                raise RuntimeError("no first backup is made")
            time.sleep(0.1)

    def empty(self):
        for folder in self.target.iterdir():
            # The server clears leftovers away meanwhile.
            shutil.rmtree(folder, ignore_errors=True)

    def back_up(self):
        return _timed([self.candor, "backup", "now", "--data", self.data])

    def restore(self, data, query):
        """Seconds until a question is answered from what was restored."""
        keys = data.with_name(f"{data.name}.keys")
        begun = time.perf_counter()
        subprocess.run([self.candor, "restore", "--from", self.target, "--identity", self.identity, "--data", data],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.copy(self.data.with_name(f"{self.data.name}.keys") / "root.key", keys / "root.key")
        return self._answered(data, query, begun)

    def restic(self, *words, cwd="/"):
        command = ["restic", "--repo", self.repository, "--quiet", "--no-cache", *words]
        return _timed(command, env=os.environ | PASSWORD, cwd=cwd)

    def restic_begin(self):
        shutil.rmtree(self.repository, ignore_errors=True)
        self.restic("init")

    def restic_back_up(self):
        keys = self.data.with_name(f"{self.data.name}.keys")
        return self.restic("backup", "--exclude", "*.sock", self.data, keys)

    def restic_restore(self, folder, query):
        """Seconds until a question is answered, and until all was restored."""
        begun = time.perf_counter()
        bare = self.restic("restore", "latest", "--target", folder)
        restored = folder / self.data.relative_to("/")
        return self._answered(restored, query, begun), bare

    def _answered(self, data, query, begun):
        with Server(self.candor, data, self.scratch / "restored.log", owner=self.owner) as server:
            query(server)
            return time.perf_counter() - begun


def _beside_restic(only, house, server, data, say):
    house.owner = server.owner
    query = _Query(data)
    seen = {name: [] for name in ("first", "restic first", "second", "restic second", "restore", "restic restore",
                                  "restic restore alone")}
    for turn in range(ROUNDS):
        house.empty()
        house.restic_begin()
        steps = [("first", house.back_up), ("restic first", house.restic_back_up)]
        for name, step in steps[:: 1 if turn % 2 else -1]:
            seen[name].append(step())
        sizes = _bytes(house.target), _bytes(house.repository)
        if "restore" in only:
            for name in ("restored", "restored.keys", "restic-restored"):
                shutil.rmtree(house.scratch / name, ignore_errors=True)
            seen["restore"].append(house.restore(house.scratch / "restored", query))
            whole, alone = house.restic_restore(house.scratch / "restic-restored", query)
            seen["restic restore"].append(whole)
            seen["restic restore alone"].append(alone)
        if "backup-second-day" in only:
            _another_day(house, server, data, turn)
            steps = [("second", house.back_up), ("restic second", house.restic_back_up)]
            for name, step in steps[:: 1 if turn % 2 else -1]:
                seen[name].append(step())
        say(f"backup {turn + 1} of {ROUNDS}: " + ", ".join(f"{name} {all_[-1]:.2f} s" for name, all_ in seen.items() if all_))
    seconds = {name: statistics.median(all_) for name, all_ in seen.items() if all_}
    results = [together(
        "backup",
        time=at_most("time", 0.8, "× restic's time", _ratio(seen["first"], seen["restic first"]), seconds=seconds),
        size=at_most("size", 1.1, "× restic's size", sizes[0] / sizes[1], bytes=list(sizes)),
    )]
    if seen["second"]:
        results.append(at_most("backup-second-day", 0.2, "× restic's first", _ratio(seen["second"], seen["restic first"]),
                               seconds=seconds))
    if seen["restore"]:
        results.append(at_most("restore", 0.8, "× restic's", _ratio(seen["restore"], seen["restic restore"]),
                               seconds=seconds))
    return results


def _dashboard(house, server, data, say):
    """A warm dashboard with a backup of everything under way all the time, and without, in turns."""
    query, ratios, seconds = _Query(data), [], {"with": [], "without": []}
    query(server)
    for turn in range(PAIRS):
        without = query(server)
        over = threading.Event()
        backing_up = threading.Thread(target=_back_up_until, args=(house, over))
        backing_up.start()
        # Once it is sending.
        while not list(house.target.glob("packs/*#*")) and not list(house.target.glob("packs/*")):
            time.sleep(0.005)
        during = query(server)
        over.set()
        backing_up.join()
        ratios.append(during / without)
        seconds["with"].append(during)
        seconds["without"].append(without)
    say(f"dashboard while a backup is made: {statistics.median(ratios):.2f} ×")
    beside = {name: statistics.median(all_) for name, all_ in seconds.items()}
    return at_most("dashboard-while-backup", 1.5, "× without", median_with_interval(ratios), seconds=beside)


def _back_up_until(house, over):
    while not over.is_set():
        house.empty()
        house.back_up()


class _Query:
    """The whole dashboard of the large site: its seconds."""

    def __init__(self, data):
        self.start, self.last_day = data.start, data.last_day

    def __call__(self, server):
        asked = [panel.candor for panel in panels.DASHBOARD]
        return server.queries(DOMAINS[0], self.start, self.last_day, asked)[0]


def _another_day(house, server, data, turn):
    """A day's events more, taken in and merged."""
    events = str(max(1, round(DAY_OF_EVENTS * data.scale)))
    days = ["--days", "1", "--events", events, "--domain", f"day-{turn}.example"]
    subprocess.run([house.candor, "demo", *days, "--data", house.data], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"CANDOR_KEY": server.owner.key})
    wait_until_at_rest(house.data, server)


def _timed(command, **options):
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    return time.perf_counter() - begun


def _ratio(mine, theirs):
    return median_with_interval([a / b for a, b in zip(mine, theirs)])


def _bytes(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
