"""The data of a run: made once, kept in a cache outside the checkout, copied for each run.

Peers and Candor get the same rows from the same seeded generator. What is cached carries in its name a hash of
the code that made it, so that a changed generator or a changed store never meets old data. What else a data directory
holds, the server steps up itself, as anybody's; one that nobody owns yet gets its owner when it is first served.
"""

import datetime
import hashlib
import inspect
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from . import peers
from .owner import beside
from .server import Server

SEED = 1
DAYS = 90
DOMAINS = ["site-1.example", "site-2.example", "site-3.example"]
# Ten events a visitor: 14 M, 5 M and 1 M events.
VISITORS = [1_400_000, 500_000, 100_000]
# The small site stays as it is; the other two together have 1 M events.
VISITORS_WITH_SMALL_NEIGHBOURS = [74_000, 26_000, 100_000]
# The parts of `events` that only read: they may change without the data being made anew.
READING = {"query", "reports", "walk", "tail", "cache", "load", "view", "export", "resting", "client", "protocol",
           "packets", "tests", "testing", "lib"}
# Daily ids are measured on a fifth of the visitors.
DAILY_SHARE = 0.2
# Data this old is still used: reports ask for the days it covers up to today.
START_AGE_DAYS_MAX = 3
# The store is at rest when its files have been the same for so long: longer than a closed month must be left alone
# before it is merged into one.
REST_S = 75
REST_WITHIN_S = 1800
LOOK_EVERY_S = 1
# A worker that takes more of a core than this is merging.
BUSY_SHARE = 0.3
# How a sealed segment begins.
SEALED = b"CNDRSEAL"


@dataclass
class Tools:
    """The programs of a run."""

    candor: Path
    # The same, with its events unsealed.
    unsealed: Path
    bench: Path
    root: Path


class Data:
    """Where the data of one scale is, made on first use."""

    def __init__(self, cache, scale, tools, say):
        self.tools, self.say, self.scale = tools, say, scale
        self.cache = cache / f"scale-{scale:g}"
        self.start = self._start()
        self.last_day = datetime.datetime.now(datetime.timezone.utc).date()

    def peers(self):
        """The folder with both peers' tables."""
        version = self._generator_hash(inspect.getsource(peers.load), str(peers.COLUMNS))
        return self._made("peers", version, self._load_peers)

    def candor(self, kind):
        """A data directory: `stored` or `daily` visitor ids, `neighbours` that are small, or the pair of `unsealed`
        and `sealed`, which hold the same segments."""
        rooms = [self.tools.root / "crates" / room / "src" for room in ("events", "sealing")]
        sources = [path for room in rooms for path in sorted(room.rglob("*.rs"))]
        store = [path for path in sources if not READING & set(path.with_suffix("").parts)]
        version = self._generator_hash(*(path.read_text() for path in store))
        make = self._seal if kind == "sealed" else lambda folder: self._fill(folder, kind)
        return self._made(f"candor-{kind}", version, make)

    def visitors(self, kind):
        """How many visitors each site has."""
        base = VISITORS_WITH_SMALL_NEIGHBOURS if kind == "neighbours" else VISITORS
        share = self.scale * (DAILY_SHARE if kind == "daily" else 1)
        return [max(1, round(count * share)) for count in base]

    def _start(self):
        today = datetime.datetime.now(datetime.timezone.utc).date()
        fitting = [today - datetime.timedelta(days=DAYS + age) for age in range(START_AGE_DAYS_MAX + 1)]
        return next((start for start in fitting if (self.cache / str(start)).exists()), fitting[0])

    def _made(self, name, version, make):
        folder = self.cache / str(self.start) / f"{name}-{version}"
        if not folder.exists():
            for older in folder.parent.glob(f"{name}-*"):
                shutil.rmtree(older)
            making = folder.parent / f"making-{name}"
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir(parents=True)
            begun = time.monotonic()
            make(making)
            making.rename(folder)
            self.say(f"made {name} in {time.monotonic() - begun:.0f} s")
        return folder

    def _generator_hash(self, *more):
        names = ("random.rs", "texts.rs", "traffic.rs", "csv.rs")
        sources = [(self.tools.root / "bench" / "src" / name).read_text() for name in names]
        digest = hashlib.sha256("".join(sources + list(more)).encode())
        return digest.hexdigest()[:12]

    def _plan(self, kind):
        start_day = (self.start - datetime.date(1970, 1, 1)).days
        visitors = ",".join(map(str, self.visitors(kind)))
        plan = ["--seed", str(SEED), "--start-day", str(start_day), "--days", str(DAYS), "--visitors", visitors]
        return plan + ["--daily-ids"] if kind == "daily" else plan

    def _load_peers(self, folder):
        csv = folder / "rows.csv"
        self.say("making the rows")
        with open(csv, "wb") as out:
            subprocess.run([self.tools.bench, "rows", *self._plan("stored")], stdout=out, check=True)
        peers.load(csv, folder, self.say)
        csv.unlink()

    def _fill(self, folder, kind):
        self.say(f"filling Candor ({kind}): the journal's writer beside a running server that absorbs and merges")
        data = folder / "data"
        program = self.tools.unsealed if kind == "unsealed" else self.tools.candor
        with Server(program, data, folder / "serve.log") as server:
            for domain in DOMAINS:
                server.add_site(domain)
        # Another one: to ask whether a site is known begins a journal file, and while that is open no segment that came
        # after it is merged.
        with Server(program, data, folder / "serve.log") as server:
            plan = [self.tools.bench, "fill", "--data", data, *self._plan(kind)]
            written = subprocess.run(plan, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
            (folder / "events").write_text(written)
            self.say(f"{written} events are in the journal; waiting until all is merged")
            wait_until_at_rest(data, server)

    def _seal(self, folder):
        """The unsealed store, sealed by the product a segment at a time as an older Candor's is."""
        unsealed = self.candor("unsealed")
        self.say("sealing the unsealed store")
        shutil.copy(unsealed / "events", folder / "events")
        data = copied(unsealed / "data", folder / "data")
        with Server(self.tools.candor, data, folder / "serve.log") as server:
            deadline = time.monotonic() + REST_WITHIN_S
            while sum(map(_is_sealed, (data / "segments").rglob("*.parquet"))) < server.metric("candor_segments"):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{data} is not sealed in time")
                time.sleep(0.5)


def _is_sealed(path):
    try:
        with open(path, "rb") as file:
            return file.read(len(SEALED)) == SEALED
    except OSError:
        return False


def wait_until_at_rest(data, server):
    """Waits until every closed journal file is absorbed and no merge changes the segments any more: neither has any file
    changed for a while, nor was the worker busy with what will."""
    deadline = time.monotonic() + REST_WITHIN_S
    seen, used, since = None, 0, time.monotonic()
    while time.monotonic() < deadline:
        files = sorted((path.name, path.stat().st_size) for path in _files(data))
        before, used = used, server.cpu_s("worker")
        if files != seen or used - before > BUSY_SHARE * LOOK_EVERY_S:
            seen, since = files, time.monotonic()
        if time.monotonic() - since > REST_S:
            return
        time.sleep(LOOK_EVERY_S)
    raise RuntimeError(f"{data} does not come to rest")


def copied(folder, to):
    """A copy that a run may write to; of a data directory with the keys and the owner beside it."""
    keys = [data.with_name(f"{data.name}.keys") for data in (folder, to)]
    for source, target in ((folder, to), tuple(keys)):
        shutil.rmtree(target, ignore_errors=True)
        if source.exists():
            shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("*.sock"))
    beside(to).unlink(missing_ok=True)
    if beside(folder).exists():
        shutil.copy(beside(folder), beside(to))
    return to


def _files(data):
    for name in ("segments", "journal"):
        for path in (data / name).rglob("*"):
            try:
                if path.is_file():
                    yield path
            except OSError:
                continue
