"""Reports in SQL, as docs/metrics.md says under "Metrics", "Dimensions" and "Order"."""

from functools import cmp_to_key

from filters import entering, is_about_events, of_entry, shown, sql

OF_VISITS = {"views_per_visit", "bounce_rate", "visit_duration"}
OF_ENGAGEMENT = {"scroll_depth", "time_on_page"}
SPANNED = {"minute", "hour"}


def answer(database, calendar, query):
    """The rows, the meta and the dates of a query's answer."""
    return Report(database, calendar, query).answer()


class Report:
    def __init__(self, database, calendar, query):
        self.database = database
        self.query = query
        self.metrics = query["metrics"]
        self.dimensions = query.get("dimensions", [])
        self.filters = query.get("filters", [])
        self.start, self.end = calendar.range(query["date_range"])
        self.dates = calendar.echo(self.start, self.end)
        time = [dimension for dimension in self.dimensions if dimension.startswith("time")]
        self.interval = calendar.interval(time[0], self.start, self.end) if time else None
        self.buckets = calendar.buckets(self.interval, self.start, self.end) if time else []
        self.about_events = any(one.startswith("event:") for one in self.dimensions) or any(
            map(is_about_events, self.filters)
        )

    def answer(self):
        numbers = {}
        of_events = [metric for metric in self.metrics if not self.counts_visits(metric)]
        of_visits = [metric for metric in self.metrics if self.counts_visits(metric)]
        if of_events:
            self.count_events(numbers)
        if OF_ENGAGEMENT.intersection(self.metrics):
            self.count_engagement(numbers)
        if of_visits:
            self.count_visits(numbers)
        exists = "events" if of_events else "counted"
        keys = [key for key, row in numbers.items() if row.get(exists)] if self.dimensions else [()]
        rows = [(key, [self.value(metric, numbers.get(key, {})) for metric in self.metrics]) for key in keys]
        rows.sort(key=cmp_to_key(self.compare))
        meta = self.meta(len(rows))
        pagination = self.query.get("pagination", {})
        offset = pagination.get("offset", 0)
        page = rows[offset : offset + pagination.get("limit", 10_000)]
        return {"rows": [(self.labels(key), metrics) for key, metrics in page], "meta": meta, "date_range": self.dates}

    def counts_visits(self, metric):
        return metric in OF_VISITS or (metric == "visits" and not self.about_events)

    def meta(self, rows):
        include = self.query.get("include", {})
        meta = {}
        if include.get("imports"):
            meta["imports_included"] = False
        if include.get("time_labels"):
            meta["time_labels"] = [label for _, _, label in self.buckets]
        if include.get("total_rows"):
            meta["total_rows"] = rows
        return meta

    # Counting

    def matching(self):
        conditions = [f"moment >= {self.start}", f"moment < {self.end}"]
        conditions += [sql(condition, self.start, self.end) for condition in self.filters]
        return "SELECT * FROM events WHERE " + " AND ".join(conditions)

    def with_buckets(self):
        """The buckets as a table; a report without time has one that holds everything."""
        buckets = self.buckets or [(-(2**62), 2**62, "")]
        rows = ", ".join(f"({place}, {start}, {end})" for place, (start, end, _) in enumerate(buckets))
        return f"buckets(bucket, from_ms, to_ms) AS (VALUES {rows})"

    def keys(self, entry=False):
        """SQL for each dimension's value."""
        return [
            "bucket" if one.startswith("time") else shown(of_entry(one) if entry else one) for one in self.dimensions
        ]

    def run(self, source, measures, entry=False):
        keys = self.keys(entry)
        group = ", ".join(str(place + 1) for place in range(len(keys)))
        statement = f"{source} SELECT {', '.join(keys + measures)} FROM counted" + (f" GROUP BY {group}" if group else "")
        for row in self.database.execute(statement).fetchall():
            yield row[: len(keys)], row[len(keys) :]

    def events_source(self):
        return (
            f"WITH {self.with_buckets()}, matching AS ({self.matching()}), counted AS"
            " (SELECT * FROM matching JOIN buckets ON moment >= from_ms AND moment < to_ms)"
        )

    def count_events(self, numbers):
        event = "name <> 'engagement'"
        measures = [
            f"count(DISTINCT visitor) FILTER ({event})",
            f"count(DISTINCT visit) FILTER ({event})",
            "count(*) FILTER (name = 'pageview')",
            f"count(*) FILTER ({event})",
        ]
        for key, (visitors, visits, pageviews, events) in self.run(self.events_source(), measures):
            row = numbers.setdefault(key, {})
            row.update(visitors=visitors, visits=visits, pageviews=pageviews, events=events)
        if "percentage" in self.metrics:
            total = f"SELECT count(DISTINCT visitor) FROM ({self.matching()}) WHERE {event}"
            self.total = self.database.execute(total).fetchone()[0]

    def count_engagement(self, numbers):
        measures = [
            "sum(engaged_ms) FILTER (name = 'engagement')",
            "count(DISTINCT visit) FILTER (name IN ('pageview', 'engagement'))",
        ]
        for key, (engaged_ms, visits) in self.run(self.events_source(), measures):
            numbers.setdefault(key, {}).update(engaged_ms=int(engaged_ms or 0), engaged_visits=visits)
        keys = self.keys()
        columns = ", ".join(keys + ["visitor", "max(scroll_depth) AS depth"])
        group = ", ".join(str(place + 1) for place in range(len(keys) + 1))
        deepest = (
            f"{self.events_source()} SELECT {columns} FROM counted"
            f" WHERE name = 'engagement' AND scroll_depth IS NOT NULL GROUP BY {group}"
        )
        for row in self.database.execute(deepest).fetchall():
            counted = numbers.setdefault(row[: len(keys)], {})
            counted["depths"] = counted.get("depths", []) + [row[-1]]

    def count_visits(self, numbers):
        filters = [entering(condition) for condition in self.filters]
        of_events = [condition for condition in filters if is_about_events(condition)]
        conditions = [f"start < {self.end}", f"last >= {self.start}"]
        conditions += [sql(one, self.start, self.end) for one in filters if not is_about_events(one)]
        if of_events:
            held = " AND ".join(sql(one, self.start, self.end) for one in of_events)
            conditions.append(
                f"visit IN (SELECT visit FROM events WHERE name <> 'engagement' AND moment >= {self.start}"
                f" AND moment < {self.end} AND {held})"
            )
        where = " AND ".join(conditions)
        join = "start < to_ms AND last >= from_ms"
        if self.interval not in SPANNED:
            join = f"least(last, {self.end - 1}) >= from_ms AND least(last, {self.end - 1}) < to_ms"
        source = (
            f"WITH {self.with_buckets()}, meeting AS (SELECT * FROM visits WHERE {where}), counted AS"
            f" (SELECT * FROM meeting JOIN buckets ON {join})"
        )
        measures = ["count(*)", "count(*) FILTER (bounced)", "sum((last - start) // 1000)", "sum(views)"]
        for key, (counted, bounced, seconds, views) in self.run(source, measures, entry=True):
            row = numbers.setdefault(key, {})
            row.update(counted=counted, bounced=bounced, seconds=int(seconds or 0), views=int(views or 0))

    # Telling

    def value(self, metric, row):
        def known(dividend, divisor):
            return (2 * dividend + divisor) // (2 * divisor) if divisor else None

        def ratio(dividend, divisor):
            return known(dividend, divisor) if divisor or self.dimensions else 0

        def parts(number, of):
            return None if number is None else number / of

        of = lambda name: row.get(name, 0)
        counted = of("counted")
        if metric == "visits" and self.counts_visits(metric):
            return counted
        if metric == "views_per_visit":
            return parts(ratio(100 * of("views"), counted), 100)
        if metric == "bounce_rate":
            return ratio(100 * of("bounced"), counted)
        if metric == "visit_duration":
            return ratio(of("seconds"), counted)
        if metric == "percentage":
            return parts(ratio(1000 * of("visitors"), self.total), 10)
        if metric == "scroll_depth":
            depths = row.get("depths", [])
            return known(sum(depths), len(depths))
        if metric == "time_on_page":
            return known(of("engaged_ms"), 1000 * of("engaged_visits")) if of("engaged_ms") else None
        return of(metric)

    def labels(self, key):
        named = zip(self.dimensions, key)
        return [self.buckets[value][2] if one.startswith("time") else value for one, value in named]

    def compare(self, one, other):
        for name, direction in self.order():
            if name in self.metrics:
                at = self.metrics.index(name)
                values = one[1][at], other[1][at]
            else:
                at = self.dimensions.index(name)
                values = one[0][at], other[0][at]
            if values[0] == values[1]:
                continue
            if None in values:
                return 1 if values[0] is None else -1
            before = values[0] < values[1] if direction == "asc" else values[0] > values[1]
            return -1 if before else 1
        return (one[0] > other[0]) - (one[0] < other[0])

    def order(self):
        if self.query.get("order_by"):
            return self.query["order_by"]
        time = [(one, "asc") for one in self.dimensions if one.startswith("time")]
        return time + [(self.metrics[0], "desc")]
