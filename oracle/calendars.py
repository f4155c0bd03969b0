"""Ranges and buckets of time, as docs/metrics.md says under "Range and time".

A bucket is found by asking, quarter of an hour by quarter of an hour, what the clocks on the wall show.
"""

import re
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

QUARTER_MS = 15 * 60 * 1000
MINUTE_MS = 60 * 1000
HOUR_MS = 60 * MINUTE_MS


class Calendar:
    """The time zone of a site, the present moment and that of the first event, in milliseconds since 1970."""

    def __init__(self, zone, now, first_event):
        self.zone = ZoneInfo(zone)
        self.now = now
        self.first_event = first_event
        self.cut = {}

    def wall(self, moment):
        utc = datetime.fromtimestamp(moment // 1000, timezone.utc) + timedelta(milliseconds=moment % 1000)
        return utc.astimezone(self.zone)

    def midnight(self, day):
        return round(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp() * 1000)

    def days(self, first, last):
        return self.midnight(first), self.midnight(last + timedelta(days=1))

    def range(self, words):
        """The first moment of a date range, and the one after its last."""
        if isinstance(words, list):
            return self.between(*words)
        today = self.wall(self.now).date()
        if words == "24h":
            return self.now - 24 * HOUR_MS, self.now + 1
        if words == "day":
            return self.days(today, today)
        if words == "month":
            return self.days(today.replace(day=1), month_end(today))
        if words == "year":
            return self.days(date(today.year, 1, 1), date(today.year, 12, 31))
        if words == "all":
            return self.days(min(today, self.wall(self.first_event).date()), today)
        count, unit = re.fullmatch(r"(\d+)(d|mo)", words).groups()
        if unit == "d":
            return self.days(today - timedelta(days=int(count) - 1), today)
        months = today.year * 12 + today.month - 1 - (int(count) - 1)
        return self.days(date(months // 12, months % 12 + 1, 1), month_end(today))

    def between(self, first, last):
        if len(first) == 10:
            return self.days(date.fromisoformat(first), date.fromisoformat(last))
        ends = []
        for text in (first, last):
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
            ends.append((round(moment.timestamp() * 1000), moment.microsecond == 0))
        return ends[0][0], ends[1][0] + (1000 if ends[1][1] else 1)

    def echo(self, start, end):
        return [self.wall(start // 1000 * 1000).isoformat(), self.wall((end - 1) // 1000 * 1000).isoformat()]

    def interval(self, dimension, start, end):
        """The interval that a time dimension names or, for `time`, stands for."""
        if dimension != "time":
            return dimension.removeprefix("time:")
        hours = (end - start) // HOUR_MS
        return "hour" if hours <= 48 else "day" if hours <= 40 * 24 else "week" if hours <= 365 * 24 else "month"

    def buckets(self, interval, start, end):
        """(start, end, label) of each bucket of a range."""
        key = (interval, start, end)
        if key not in self.cut:
            step = MINUTE_MS if interval == "minute" else QUARTER_MS
            moments = [start] + list(range(start // step * step + step, end, step))
            found = []
            for moment in moments:
                label = self.label(interval, moment, start)
                if not found or found[-1][1] != label:
                    found.append((moment, label))
            ends = [moment for moment, _ in found[1:]] + [end]
            self.cut[key] = [(begin, until, label) for (begin, label), until in zip(found, ends)]
        return self.cut[key]

    def label(self, interval, moment, range_start):
        wall = self.wall(moment)
        if interval in ("minute", "hour"):
            clock = wall.replace(second=0, microsecond=0, **({"minute": 0} if interval == "hour" else {}))
            text = clock.strftime("%Y-%m-%d %H:%M:%S")
            twice = clock.replace(fold=0).utcoffset() != clock.replace(fold=1).utcoffset()
            return text + (clock.isoformat()[-6:] if twice else "")
        if interval == "day":
            return wall.date().isoformat()
        if interval == "month":
            return wall.date().replace(day=1).isoformat()
        monday = wall.date() - timedelta(days=wall.weekday())
        return max(monday, self.wall(range_start).date()).isoformat()


def month_end(day):
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following - timedelta(days=1)
