"""The peers: DuckDB with a native table and ClickHouse (chDB) with a MergeTree, both in process, two threads."""

import datetime
import json
import uuid

import chdb.session
import duckdb

THREADS = 2

# Column, type in DuckDB, type in ClickHouse; in the order of the generator's CSV.
COLUMNS = [
    ("site", "UTINYINT", "UInt8"),
    ("visitor", "UUID", "UUID"),
    ("visit", "UBIGINT", "UInt64"),
    ("ts", "TIMESTAMP", "DateTime64(3, 'UTC')"),
    ("event", "VARCHAR", "LowCardinality(String)"),
    ("hostname", "VARCHAR", "LowCardinality(String)"),
    ("pathname", "VARCHAR", "String"),
    ("referrer", "VARCHAR", "String"),
    ("source", "VARCHAR", "LowCardinality(String)"),
    ("channel", "VARCHAR", "LowCardinality(String)"),
    ("utm_medium", "VARCHAR", "LowCardinality(String)"),
    ("utm_source", "VARCHAR", "LowCardinality(String)"),
    ("utm_campaign", "VARCHAR", "LowCardinality(String)"),
    ("utm_content", "VARCHAR", "LowCardinality(String)"),
    ("utm_term", "VARCHAR", "LowCardinality(String)"),
    ("country", "VARCHAR", "LowCardinality(String)"),
    ("region", "VARCHAR", "LowCardinality(String)"),
    ("city", "VARCHAR", "LowCardinality(String)"),
    ("browser", "VARCHAR", "LowCardinality(String)"),
    ("browser_version", "VARCHAR", "LowCardinality(String)"),
    ("os", "VARCHAR", "LowCardinality(String)"),
    ("os_version", "VARCHAR", "LowCardinality(String)"),
    ("device", "VARCHAR", "LowCardinality(String)"),
    ("screen", "VARCHAR", "LowCardinality(String)"),
    ("language", "VARCHAR", "LowCardinality(String)"),
    ("interactive", "BOOLEAN", "Bool"),
    ("scroll_depth", "UTINYINT", "UInt8"),
    ("engaged_ms", "UINTEGER", "UInt32"),
    ("props", "VARCHAR", "String"),
    ("revenue", "BIGINT", "Int64"),
    ("currency", "VARCHAR", "LowCardinality(String)"),
]


def load(csv, directory, say):
    """Loads the generator's CSV into both peers, sorted by (site, day, visitor, time)."""
    parquet = directory / "rows.parquet"
    database = duckdb.connect(str(directory / "duckdb.db"))
    database.execute(f"SET threads = {THREADS}; SET memory_limit = '4GB'; SET temp_directory = '{directory}/spill'")
    types = {name: "BIGINT" if name == "ts" else kind for name, kind, _ in COLUMNS}
    names = ", ".join("epoch_ms(ts) AS ts" if name == "ts" else name for name, _, _ in COLUMNS)
    say("DuckDB: reading and sorting the rows")
    database.execute(
        f"CREATE TABLE e AS SELECT {names} FROM read_csv('{csv}', header = true, columns = {types}, quote = '\"', "
        f"escape = '\"', nullstr = 'NULL') ORDER BY site, CAST(epoch_ms(ts) AS DATE), visitor, ts"
    )
    database.execute("CHECKPOINT")
    say("DuckDB: handing the sorted rows on as Parquet")
    database.execute(f"COPY e TO '{parquet}' (FORMAT parquet, COMPRESSION zstd)")
    database.close()
    say("ClickHouse: loading and merging")
    session = chdb.session.Session(str(directory / "clickhouse"))
    columns = ", ".join(f"{name} {kind}" for name, _, kind in COLUMNS)
    session.query("CREATE DATABASE IF NOT EXISTS bench ENGINE = Atomic")
    session.query(
        f"CREATE TABLE bench.e ({columns}) ENGINE = MergeTree PARTITION BY toYYYYMM(ts) "
        "ORDER BY (site, toDate(ts), visitor, ts)"
    )
    # Parquet writes a UUID as sixteen bytes; ClickHouse reads the text of one.
    names = ", ".join(name for name, _, _ in COLUMNS)
    session.query(f"INSERT INTO bench.e ({names}) SELECT {names} FROM file('{parquet}', Parquet)")
    session.query("OPTIMIZE TABLE bench.e FINAL")
    session.close()
    parquet.unlink()


class DuckDb:
    """DuckDB over its own file."""

    name = "DuckDB"

    def __init__(self, directory):
        self.database = duckdb.connect(str(directory / "duckdb.db"))
        self.database.execute(f"SET threads = {THREADS}")

    def ask(self, panel, site, start, end):
        """The panel's rows."""
        return _joined(self.run(statement, site, start, end) for statement in panel.duckdb.split(";"))

    def run(self, sql, site, start, end):
        where = f"site = {site} AND ts >= TIMESTAMP '{start}' AND ts < TIMESTAMP '{end}'"
        return [tuple(map(_plain, row)) for row in self.database.execute(sql.format(where=where)).fetchall()]

    def insert(self, rows):
        names = ", ".join(rows[0])
        marks = ", ".join("?" for _ in rows[0])
        self.database.executemany(
            f"INSERT INTO e ({names}) VALUES ({marks})", [list(map(str, row.values())) for row in rows]
        )

    def close(self):
        self.database.close()


class ClickHouse:
    """ClickHouse's MergeTree in this process, by chDB."""

    name = "ClickHouse"
    SETTINGS = f"SETTINGS max_threads = {THREADS}, use_query_condition_cache = 0, use_uncompressed_cache = 0"

    def __init__(self, directory):
        self.session = chdb.session.Session(str(directory / "clickhouse"))
        self.session.query("USE bench")

    def ask(self, panel, site, start, end):
        """The panel's rows."""
        return _joined(self.run(statement, site, start, end) for statement in panel.clickhouse.split(";"))

    def run(self, sql, site, start, end):
        where = (
            f"site = {site} AND ts >= toDateTime64('{start}', 3, 'UTC') AND ts < toDateTime64('{end}', 3, 'UTC') "
            f"AND toDate(ts) BETWEEN toDate(toDateTime('{start}', 'UTC')) AND toDate(toDateTime('{end}', 'UTC'))"
        )
        answer = self.session.query(f"{sql.format(where=where)} {self.SETTINGS}", "JSONCompactEachRow")
        return [tuple(map(_plain, json.loads(line))) for line in answer.bytes().splitlines()]

    def insert(self, rows):
        names = ", ".join(rows[0])
        values = ", ".join("(" + ", ".join(f"'{value}'" for value in row.values()) + ")" for row in rows)
        self.session.query(f"INSERT INTO e ({names}) VALUES {values}")

    def close(self):
        self.session.close()


def _joined(answers):
    """The rows of one statement, or the single rows of several as one."""
    first, *others = answers
    return [sum((answer[0] for answer in others), first[0])] if others else first


def _plain(value):
    """Numbers as numbers, everything else as text."""
    if isinstance(value, (datetime.date, uuid.UUID)):
        return str(value)
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value
