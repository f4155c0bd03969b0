"""Sizes: on disk, in memory at rest, and over the wire."""

import os
import subprocess
import time

from .browser import fetch_dashboard
from .data import copied
from .intervals import at_most, together
from .server import Server

# How long a started server is left alone before its memory is read.
REST_S = 10


def disk(data, scratch):
    """Bytes per event after merging, with stored and with daily visitor ids; what the peers take stands beside.

    Counted are live segments: files that merging has replaced stay a few minutes and are then deleted.
    """
    parts = {}
    for kind, limit in (("stored", 12), ("daily", 16)):
        folder = data.candor(kind)
        events = int((folder / "events").read_text())
        with Server(data.tools.candor, copied(folder / "data", scratch / "disk"), scratch / "disk.log") as server:
            held = server.metric("candor_segment_bytes")
        parts[kind] = at_most(kind, limit, "bytes/event", held / events, events=events)
    tables = data.peers()
    events = parts["stored"]["measured"]["events"]
    merge_tree = (path for path in (tables / "clickhouse" / "store").rglob("*") if path.is_file())
    parts["stored"]["measured"]["peers"] = {
        "DuckDB": (tables / "duckdb.db").stat().st_size / events,
        "ClickHouse": sum(path.stat().st_size for path in merge_tree) / events,
    }
    return together("disk", **parts)


def memory_idle(server):
    """All processes of a server that has started over the whole data and was asked nothing yet."""
    time.sleep(REST_S)
    processes = server.pss_by_role_mb()
    return at_most("idle", 80, "MB", sum(processes.values()), processes=processes)


def tracker(server):
    """The script as a browser that understands brotli gets it."""
    status, headers, body = server.request("GET", "/c.js", headers={"Accept-Encoding": "br"})
    if status != 200 or headers["content-encoding"] != "br":
        raise RuntimeError(f"/c.js: {status}, encoded as {headers['content-encoding']}")
    return at_most("tracker", 1_700, "bytes", len(body))


def ui(server, tools, scratch):
    """JavaScript that Chromium fetches for the demo's dashboard, as the server sends it under gzip."""
    days = ["--days", "30", "--events", "20000", "--seed", "1"]
    demo, key = [tools.candor, "demo", *days, "--data", server.data], {"CANDOR_KEY": server.owner.key}
    subprocess.run(demo, check=True, stdout=subprocess.DEVNULL, env=os.environ | key)
    scripts = fetch_dashboard(server, scratch / "browser").scripts()
    return at_most("ui", 210, "KiB", sum(scripts.values()) / 1024, files=list(map(str, scripts)))
