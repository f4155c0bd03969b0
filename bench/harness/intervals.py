"""Medians with their 95 % interval, and whether a bar is met by all of it."""

import random
import statistics

RESAMPLES = 10_000


def median_with_interval(values):
    """{median, low, high, pairs}: the interval is that of the bootstrapped median (seeded)."""
    draw = random.Random(1)
    medians = sorted(statistics.median(draw.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return {
        "median": statistics.median(values),
        "low": medians[int(0.025 * RESAMPLES)],
        "high": medians[int(0.975 * RESAMPLES) - 1],
        "pairs": len(values),
    }


def at_most(id, limit, unit, measured, **beside):
    """A result that is met when its whole interval (or its one number) is at most `limit`."""
    highest = measured["high"] if isinstance(measured, dict) else measured
    fields = measured if isinstance(measured, dict) else {"value": measured}
    return {
        "id": id,
        "limit": limit,
        "measured": fields | {"unit": unit} | beside,
        "met": highest <= limit,
    }


def at_least(id, limit, unit, measured, **beside):
    """A result that is met when its whole interval (or its one number) is at least `limit`."""
    lowest = measured["low"] if isinstance(measured, dict) else measured
    return at_most(id, limit, unit, measured, **beside) | {"least": True, "met": lowest >= limit}


def together(id, **parts):
    """One result of several bars, each under its own name, all of one direction; met when all are."""
    least = {"least": True} if any(part.get("least") for part in parts.values()) else {}
    return least | {
        "id": id,
        "limit": {name: part["limit"] for name, part in parts.items()},
        "measured": {name: part["measured"] for name, part in parts.items()},
        "met": all(part["met"] for part in parts.values()),
    }
