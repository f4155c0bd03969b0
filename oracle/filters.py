"""Filters and dimensions as SQL, as docs/metrics.md says under "What matches" and "Dimensions"."""

EMPTY = {"visit:source": "Direct / None", "visit:referrer": "Direct / None"}
ENTRY = {"event:page": "visit:entry_page", "event:hostname": "visit:entry_page_hostname"}
# The names that the generated traffic needs.
COUNTRIES = {"DE": "Germany", "US": "United States", "CZ": "Czechia", "FR": "France"}


def text(value):
    return "'" + value.replace("'", "''") + "'"


def shown(dimension):
    """SQL for the value of a dimension as it is shown."""
    family, name = dimension.split(":", 1)
    if name.startswith("props:"):
        stored, empty = f"props[{text(name.removeprefix('props:'))}]", "(none)"
    elif name == "country_name":
        cases = " ".join(f"WHEN {text(code)} THEN {text(country)}" for code, country in COUNTRIES.items())
        stored, empty = f"CASE country {cases} ELSE country END", "(not set)"
    else:
        stored, empty = name.removesuffix("_name") if name in ("region_name", "city_name") else name, "(not set)"
    return f"coalesce(nullif({stored}, ''), {text(EMPTY.get(dimension, empty))})"


def of_entry(dimension):
    """The dimension where a metric counts whole visits."""
    return ENTRY.get(dimension, dimension)


def is_about_events(condition):
    """Whether a filter looks at single events."""
    operator, rest = condition[0], condition[1]
    if operator in ("and", "or"):
        return any(map(is_about_events, rest))
    if operator == "not":
        return is_about_events(rest)
    if operator in ("has_done", "has_not_done"):
        return False
    return rest.startswith("event:")


def entering(condition):
    """A filter where a metric counts whole visits."""
    operator, rest = condition[0], condition[1]
    if operator in ("and", "or"):
        return [operator, [entering(one) for one in rest]]
    if operator == "not":
        return [operator, entering(rest)]
    if operator in ("has_done", "has_not_done"):
        return condition
    return [operator, of_entry(rest), *condition[2:]]


def sql(condition, start, end):
    """SQL for whether a filter holds, over the columns of `events` or, about visits alone, of `visits`."""
    operator, rest = condition[0], condition[1]
    if operator in ("and", "or"):
        joined = f" {operator} ".join(sql(one, start, end) for one in rest)
        return f"({joined})" if rest else ("true" if operator == "and" else "false")
    if operator == "not":
        return f"(NOT {sql(rest, start, end)})"
    if operator in ("has_done", "has_not_done"):
        owners = (
            f"SELECT visit FROM events WHERE name <> 'engagement' AND moment >= {start} AND moment < {end}"
            f" AND {sql(rest, start, end)}"
        )
        return f"(visit {'NOT ' if operator == 'has_not_done' else ''}IN ({owners}))"
    return simple(condition)


def simple(condition):
    operator, dimension, values = condition[:3]
    sensitive = len(condition) < 4 or condition[3].get("case_sensitive", True)
    fold = (lambda sql: sql) if sensitive else (lambda sql: f"lower({sql})")
    tests = {
        "is": lambda value: f"{fold(shown(dimension))} = {fold(text(value))}",
        "contains": lambda value: f"contains({fold(shown(dimension))}, {fold(text(value))})",
        "matches": lambda value: f"regexp_matches({shown(dimension)}, {text(value)})",
    }
    met = " OR ".join(tests[operator.removesuffix("_not")](str(value)) for value in values)
    return f"(NOT ({met}))" if operator.endswith("_not") else f"({met})"
