"""The thirteen panels of a dashboard, each as a query for Candor and as SQL for both peers.

The definitions are Candor's (visit, bounce, entry, exit); the peers get ready visit ids and ready visit
attributes on every row, so that none of their time goes into cutting visits. Where an engine has several
ways to ask the same, the one that was fastest on the full data stands here.
"""

from dataclasses import dataclass

ROWS_MAX = 10


@dataclass(frozen=True)
class Panel:
    """One panel. The SQL has `{where}` where site and time are bounded; of several statements, parted by `;`,
    each answers with one row, and together these are the panel's row."""

    id: str
    candor: dict
    duckdb: str
    clickhouse: str


def _top(id, dimension, column, second, filters=None, where=""):
    """The ten values of `column` with most visitors, with a second number each."""
    metric, duckdb_count, clickhouse_count = {
        "pageviews": ("pageviews", "count(*) FILTER (WHERE event = 'pageview')", "countIf(event = 'pageview')"),
        "events": ("events", "count(*)", "count()"),
    }[second]
    candor = {
        "metrics": ["visitors", metric],
        "dimensions": [dimension],
        "order_by": [["visitors", "desc"], [dimension, "asc"]],
        "pagination": {"limit": ROWS_MAX, "offset": 0},
    }
    if filters:
        candor["filters"] = filters
    tail = f"GROUP BY k ORDER BY u DESC, k LIMIT {ROWS_MAX}"
    return Panel(
        id,
        candor,
        f"SELECT {column} AS k, count(DISTINCT visitor) AS u, {duckdb_count} AS n FROM e WHERE {{where}}{where} {tail}",
        f"SELECT {column} AS k, uniqExact(visitor) AS u, {clickhouse_count} AS n FROM e WHERE {{where}}{where} {tail}",
    )


def _edge_page(id, dimension, duckdb_pick, clickhouse_pick):
    """The ten pages on which most visits began or ended."""
    candor = {
        "metrics": ["visits"],
        "dimensions": [dimension],
        "order_by": [["visits", "desc"], [dimension, "asc"]],
        "pagination": {"limit": ROWS_MAX, "offset": 0},
    }
    sql = (
        "SELECT k, count(*) AS n FROM (SELECT visit, {pick} AS k FROM e WHERE {{where}} "
        "AND event = 'pageview' GROUP BY visit) GROUP BY k ORDER BY n DESC, k LIMIT {rows}"
    )
    return Panel(
        id,
        candor,
        sql.format(pick=duckdb_pick, rows=ROWS_MAX),
        sql.format(pick=clickhouse_pick, rows=ROWS_MAX),
    )


TOTALS = Panel(
    "totals",
    {"metrics": ["visitors", "pageviews", "events", "visits", "bounce_rate", "visit_duration"]},
    "SELECT count(DISTINCT visitor), count(*) FILTER (WHERE event = 'pageview'), count(*) FROM e WHERE {where};"
    "SELECT count(*), round(100.0 * avg(b::INT))::BIGINT, round(avg(d))::BIGINT FROM (SELECT "
    "count(*) FILTER (WHERE event = 'pageview') < 2 AND NOT bool_or(interactive AND event <> 'pageview') AS b, "
    "(epoch_ms(max(ts)) - epoch_ms(min(ts))) // 1000 AS d FROM e WHERE {where} GROUP BY visit)",
    "SELECT uniqExact(visitor), countIf(event = 'pageview'), count() FROM e WHERE {where};"
    "SELECT count(), toInt64(round(100.0 * avg(b))), toInt64(round(avg(d))) FROM (SELECT "
    "countIf(event = 'pageview') < 2 AND NOT max(interactive AND event != 'pageview') AS b, "
    "intDiv(toUnixTimestamp64Milli(max(ts)) - toUnixTimestamp64Milli(min(ts)), 1000) AS d "
    "FROM e WHERE {where} GROUP BY visit)",
)

PER_DAY = Panel(
    "per day",
    {"metrics": ["visitors", "pageviews"], "dimensions": ["time:day"], "order_by": [["time:day", "asc"]]},
    "SELECT CAST(ts AS DATE) AS k, count(DISTINCT visitor) AS u, count(*) FILTER (WHERE event = 'pageview') AS n "
    "FROM e WHERE {where} GROUP BY k ORDER BY k",
    "SELECT toDate(ts) AS k, uniqExact(visitor) AS u, countIf(event = 'pageview') AS n "
    "FROM e WHERE {where} GROUP BY k ORDER BY k",
)

DASHBOARD = [
    TOTALS,
    PER_DAY,
    _top("pages", "event:page", "pathname", "pageviews"),
    _edge_page("entry pages", "visit:entry_page", "arg_min(pathname, ts)", "argMin(pathname, ts)"),
    _edge_page("exit pages", "visit:exit_page", "arg_max(pathname, ts)", "argMax(pathname, ts)"),
    _top("sources", "visit:source", "source", "events"),
    _top("channels", "visit:channel", "channel", "events"),
    _top("campaigns", "visit:utm_campaign", "utm_campaign", "events"),
    _top("countries", "visit:country", "country", "events"),
    _top("browsers", "visit:browser", "browser", "events"),
    _top("systems", "visit:os", "os", "events"),
    _top("devices", "visit:device", "device", "events"),
    _top("event names", "event:name", "event", "events"),
]

DRILL_DOWN = _top(
    "drill-down",
    "event:page",
    "pathname",
    "pageviews",
    filters=[["is", "visit:country", ["DE"]], ["is", "visit:browser", ["Firefox"]]],
    where=" AND country = 'DE' AND browser = 'Firefox'",
)
