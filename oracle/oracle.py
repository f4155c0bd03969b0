"""Computes reports a second time, in SQL, from docs/metrics.md alone, and compares them with the ones given.

    oracle.py FOLDER

FOLDER holds pairs `NAME.events.jsonl` (an event a line, in order of arrival) and `NAME.reports.jsonl` (a query and
its answer a line, after a first line that tells the site's zone, the present and the first event). Differences are
printed, at most a few of each pair; the exit code says whether there were any.
"""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import duckdb

import calendars
import reports
import rows

SHOWN_MAX = 5


def judge(name, folder):
    """The number of reports of one pair, and of those that differ."""
    database = duckdb.connect()
    database.execute("SET threads = 1")
    rows.load(database, folder / f"{name}.events.jsonl")
    lines = (folder / f"{name}.reports.jsonl").read_text().splitlines()
    setting = json.loads(lines[0])
    calendar = calendars.Calendar(setting["zone"], setting["now"], setting["first_event"])
    differing = 0
    for line in lines[1:]:
        report = json.loads(line)
        expected = reports.answer(database, calendar, report["query"])
        difference = compare(expected, report["answer"])
        if difference:
            differing += 1
            if differing <= SHOWN_MAX:
                print(f"{name}: {json.dumps(report['query'])}\n  {difference}")
    return len(lines) - 1, differing


def compare(expected, found):
    """What differs first, or nothing."""
    found_rows = [(row["dimensions"], row["metrics"]) for row in found["results"]]
    if len(expected["rows"]) != len(found_rows):
        missing = [row for row in expected["rows"] if row not in found_rows][:2]
        surplus = [row for row in found_rows if row not in expected["rows"]][:2]
        return f"{len(expected['rows'])} rows expected, {len(found_rows)} found; missing {missing}, surplus {surplus}"
    for place, (one, other) in enumerate(zip(expected["rows"], found_rows)):
        if one != other:
            return f"row {place}: expected {one}, found {other}"
    if expected["meta"] != found["meta"]:
        return f"expected meta {expected['meta']}, found {found['meta']}"
    if expected["date_range"] != found["query"]["date_range"]:
        return f"expected dates {expected['date_range']}, found {found['query']['date_range']}"
    return None


def main():
    folder = Path(sys.argv[1])
    names = sorted(path.name.removesuffix(".events.jsonl") for path in folder.glob("*.events.jsonl"))
    if not names:
        sys.exit(f"nothing to judge in {folder}")
    with ProcessPoolExecutor(max_workers=2) as pool:
        counts = list(pool.map(judge, names, [folder] * len(names)))
    judged, differing = sum(count for count, _ in counts), sum(wrong for _, wrong in counts)
    print(f"{judged} reports judged, {differing} differ")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
