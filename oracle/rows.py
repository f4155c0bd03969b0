"""From raw events to events with their visits, in SQL, as docs/metrics.md says under "Events, visitors, visits"."""

# What a visit takes from its first event, by the name of its dimension.
OF_FIRST_EVENT = [
    "source", "referrer", "channel", "utm_medium", "utm_source", "utm_campaign", "utm_content", "utm_term",
    "device", "browser", "browser_version", "os", "os_version", "country", "region", "city", "language", "screen",
]

COLUMNS = {
    "visitor": "VARCHAR", "id": "VARCHAR", "moment": "BIGINT", "name": "VARCHAR", "hostname": "VARCHAR",
    "page": "VARCHAR", "interactive": "BOOLEAN", "scroll_depth": "INTEGER", "engaged_ms": "BIGINT",
    "props": "MAP(VARCHAR, VARCHAR)", **{name: "VARCHAR" for name in OF_FIRST_EVENT},
}

VISITS_OF_EVENTS = """
CREATE TABLE told AS
WITH numbered AS (SELECT *, row_number() OVER () AS arrival FROM raw),
once AS (
    SELECT * FROM numbered
    QUALIFY id IS NULL OR row_number() OVER (PARTITION BY visitor, id ORDER BY moment, arrival) = 1
),
gaps AS (
    SELECT *, coalesce(moment - lag(moment) OVER (PARTITION BY visitor ORDER BY moment, arrival) >= 1800000, true) AS cut FROM once
),
chains AS (
    SELECT *, sum(cut::INT) OVER (PARTITION BY visitor ORDER BY moment, arrival ROWS UNBOUNDED PRECEDING) AS chain FROM gaps
)
SELECT * EXCLUDE (visitor), dense_rank() OVER (ORDER BY visitor) AS visitor,
    dense_rank() OVER (ORDER BY visitor, chain) AS visit,
    sum((name <> 'engagement')::INT) OVER (PARTITION BY visitor, chain ORDER BY moment, arrival ROWS UNBOUNDED PRECEDING) > 0 AS opened
FROM chains
"""

VISITS = """
CREATE TABLE visits AS
SELECT visit, any_value(visitor) AS visitor, min(moment) AS start, max(moment) AS last, {first},
    first(page ORDER BY moment, arrival) FILTER (name = 'pageview') AS entry_page,
    last(page ORDER BY moment, arrival) FILTER (name = 'pageview') AS exit_page,
    first(hostname ORDER BY moment, arrival) FILTER (name = 'pageview') AS entry_page_hostname,
    last(hostname ORDER BY moment, arrival) FILTER (name = 'pageview') AS exit_page_hostname,
    count(*) FILTER (name = 'pageview') AS views,
    count(*) FILTER (name = 'pageview') < 2 AND NOT bool_or(name <> 'pageview' AND interactive) AS bounced
FROM told WHERE opened AND name <> 'engagement' GROUP BY visit
"""

EVENTS = """
CREATE TABLE events AS
SELECT told.visit, told.visitor, moment, name, hostname, page, props, scroll_depth, engaged_ms,
    visits.* EXCLUDE (visit, visitor)
FROM told JOIN visits ON told.visit = visits.visit WHERE opened
"""


def load(database, path):
    """Makes the tables `visits` (a row each) and `events` (`engagement` included, each with its visit)."""
    database.execute(
        "CREATE TABLE raw AS SELECT * FROM read_json(?, format = 'newline_delimited', columns = ?)",
        [str(path), COLUMNS],
    )
    database.execute(VISITS_OF_EVENTS)
    first = ", ".join(f"first({name} ORDER BY moment, arrival) AS {name}" for name in OF_FIRST_EVENT)
    database.execute(VISITS.format(first=first))
    database.execute(EVENTS)
