use domain::{TimeZone, Timestamp};
use serde_json::{Value as Json, json};

use super::{Calendar, Query, limits};

/// 2026-03-29T13:30:00+02:00 in Berlin, the day on which the clocks go forward there.
const NOW: Timestamp = Timestamp(1_774_783_800_000);

fn calendar(zone: &str) -> Calendar {
    let zone: TimeZone = zone.parse().unwrap();
    Calendar { zone, now: NOW, first_event: Some(Timestamp(NOW.0 - 400 * 86_400_000)) }
}

fn parse(mut json: Json) -> Result<Query, String> {
    for (key, value) in
        [("site_id", json!("example.com")), ("date_range", json!("day")), ("metrics", json!(["visitors"]))]
    {
        if json.get(key).is_none() {
            json[key] = value;
        }
    }
    Query::parse(&json, &calendar("Europe/Berlin")).map_err(|error| error.to_string())
}

fn refusal(json: Json) -> String {
    parse(json).expect_err("refused")
}

fn dates(range: &Json) -> [String; 2] {
    let echo = parse(json!({ "date_range": range })).unwrap().echo();
    serde_json::from_value(echo["date_range"].clone()).unwrap()
}

#[test]
fn date_ranges_are_days_on_the_clocks_of_the_site() {
    for (range, first, last) in [
        (json!("day"), "2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00"),
        (json!("24h"), "2026-03-28T12:30:00+01:00", "2026-03-29T13:30:00+02:00"),
        (json!("7d"), "2026-03-23T00:00:00+01:00", "2026-03-29T23:59:59+02:00"),
        (json!("91d"), "2025-12-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00"),
        (json!("month"), "2026-03-01T00:00:00+01:00", "2026-03-31T23:59:59+02:00"),
        (json!("6mo"), "2025-10-01T00:00:00+02:00", "2026-03-31T23:59:59+02:00"),
        (json!("12mo"), "2025-04-01T00:00:00+02:00", "2026-03-31T23:59:59+02:00"),
        (json!("year"), "2026-01-01T00:00:00+01:00", "2026-12-31T23:59:59+01:00"),
        (json!("all"), "2025-02-22T00:00:00+01:00", "2026-03-29T23:59:59+02:00"),
        (json!(["2026-01-02", "2026-01-03"]), "2026-01-02T00:00:00+01:00", "2026-01-03T23:59:59+01:00"),
        (
            json!(["2026-03-01T12:00:00+05:00", "2026-03-01T09:00:00Z"]),
            "2026-03-01T08:00:00+01:00",
            "2026-03-01T10:00:00+01:00",
        ),
        (
            json!(["2026-03-01T12:00:00", "2026-03-01T12:00:09"]),
            "2026-03-01T12:00:00+01:00",
            "2026-03-01T12:00:09+01:00",
        ),
    ] {
        assert_eq!(dates(&range), [first, last], "{range}");
    }
}

#[test]
fn the_day_on_which_the_clocks_go_forward_has_23_hours() {
    let query = parse(json!({ "dimensions": ["time:hour"] })).unwrap();
    let labels: Vec<_> = query.buckets.iter().map(|bucket| bucket.label.as_str()).collect();
    assert_eq!(labels.len(), 23);
    assert_eq!(labels[1..3], ["2026-03-29 01:00:00", "2026-03-29 03:00:00"]);
}

#[test]
fn a_week_begins_on_monday_but_never_before_the_range() {
    let query =
        parse(json!({ "dimensions": ["time:week"], "date_range": ["2026-03-05", "2026-03-16"] })).unwrap();
    let labels: Vec<_> = query.buckets.iter().map(|bucket| bucket.label.as_str()).collect();
    assert_eq!(labels, ["2026-03-05", "2026-03-09", "2026-03-16"]);
}

#[test]
fn time_alone_is_as_fine_as_the_range_is_short() {
    for (range, dimension) in
        [("day", "time:hour"), ("7d", "time:day"), ("91d", "time:week"), ("24mo", "time:month")]
    {
        let echo = parse(json!({ "dimensions": ["time"], "date_range": range })).unwrap().echo();
        assert_eq!(echo["dimensions"], json!([dimension]), "{range}");
        assert_eq!(echo["order_by"], json!([[dimension, "asc"], ["visitors", "desc"]]));
    }
}

#[test]
fn a_query_is_echoed_as_it_is_run() {
    let filters = json!([["contains", "event:page", ["/a"], { "case_sensitive": false }]]);
    let query =
        parse(json!({ "filters": filters, "include": { "total_rows": true, "imports": false } })).unwrap();
    assert_eq!(
        query.echo(),
        json!({
            "site_id": "example.com",
            "metrics": ["visitors"],
            "date_range": ["2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00"],
            "filters": filters,
            "dimensions": [],
            "order_by": [["visitors", "desc"]],
            "include": { "total_rows": true },
            "pagination": { "limit": 10_000, "offset": 0 },
        })
    );
}

#[test]
fn what_makes_no_sense_is_refused_with_a_sentence() {
    for (json, sentence) in [
        (
            json!({ "metric": [] }),
            "`metric` is not part of a query; known are site_id, date_range, metrics, dimensions, filters, order_by, include and pagination",
        ),
        (json!({ "metrics": [] }), "`metrics` is required"),
        (json!({ "metrics": ["visitors", "visitors"] }), "`visitors` is listed twice"),
        (json!({ "metrics": ["revenue"] }), "`revenue` is not a metric"),
        (json!({ "dimensions": ["event:goal"] }), "`event:goal` is not a dimension"),
        (json!({ "dimensions": ["time:day", "time:hour"] }), "a query can have one time dimension"),
        (json!({ "metrics": ["percentage"] }), "`percentage` needs at least one dimension"),
        (
            json!({ "metrics": ["scroll_depth"] }),
            "`scroll_depth` needs the dimension event:page or a filter on it",
        ),
        (
            json!({ "metrics": ["scroll_depth"], "filters": [["has_done", ["is", "event:page", ["/"]]]] }),
            "`scroll_depth` needs the dimension event:page or a filter on it",
        ),
        (
            json!({ "metrics": ["time_on_page"], "dimensions": ["event:page", "event:name"] }),
            "`time_on_page` is told by engagement and cannot be told by event:name or filtered by it",
        ),
        (
            json!({ "metrics": ["bounce_rate"], "dimensions": ["event:props:plan"] }),
            "`bounce_rate` speaks of whole visits and cannot be told by `event:props:plan`",
        ),
        (
            json!({ "order_by": [["visits", "desc"]] }),
            "`visits` is neither a metric nor a dimension of this query, so rows cannot be ordered by it",
        ),
        (json!({ "include": { "time_labels": true } }), "`include.time_labels` needs a time dimension"),
        (
            json!({ "filters": [["is", "time:day", ["2026-01-01"]]] }),
            r#"filter ["is","time:day",["2026-01-01"]]: is on time; set date_range instead"#,
        ),
        (
            json!({ "filters": [["matches", "event:page", ["("]]] }),
            r#"filter ["matches","event:page",["("]]: `(` is not a regular expression"#,
        ),
        (
            json!({ "filters": [["matches", "event:page", ["a{1000}{1000}"]]] }),
            r#"filter ["matches","event:page",["a{1000}{1000}"]]: `a{1000}{1000}` is too large a regular expression"#,
        ),
        (
            json!({ "filters": [["like", "event:page", ["a"]]] }),
            r#"filter ["like","event:page",["a"]]: has an operator that is not known"#,
        ),
        (
            json!({ "date_range": "0d" }),
            "`0d` is not a date range: day, 24h, 7d, 28d, 30d, 91d, month, 6mo, 12mo, year, all, or two ISO 8601 dates or times",
        ),
        (json!({ "date_range": ["2026-02-02", "2026-02-01"] }), "the date range ends before it begins"),
        (
            json!({ "date_range": "5000d", "dimensions": ["time:hour"] }),
            "`time:hour` cuts this date range into more than 100000 parts; take a longer interval or a shorter range",
        ),
    ] {
        assert_eq!(refusal(json.clone()), sentence, "{json}");
    }
}

#[test]
fn sizes_are_accepted_up_to_their_limit_and_refused_beyond() {
    let nested =
        |depth: usize| (1..depth).fold(json!(["is", "event:page", ["/"]]), |inner, _| json!(["not", inner]));
    let filters = |count: usize| (0..count).map(|_| nested(1)).collect::<Json>();
    let values = |count: usize| json!([["is", "event:page", vec!["/"; count]]]);
    let limit = |rows: usize| parse(json!({ "pagination": { "limit": rows } })).is_ok();
    let offset = |rows: usize| parse(json!({ "pagination": { "offset": rows } })).is_ok();
    let days = |count: i32| parse(json!({ "date_range": format!("{count}d") })).is_ok();
    assert!(limit(limits::ROWS_MAX) && !limit(limits::ROWS_MAX + 1));
    assert!(offset(limits::OFFSET_MAX) && !offset(limits::OFFSET_MAX + 1));
    assert!(days(limits::DAYS_MAX) && !days(limits::DAYS_MAX + 1));
    let filtered = |filters: Json| parse(json!({ "filters": filters })).is_ok();
    assert!(
        filtered(json!([nested(limits::FILTER_DEPTH_MAX)]))
            && !filtered(json!([nested(limits::FILTER_DEPTH_MAX + 1)]))
    );
    assert!(filtered(filters(limits::CONDITIONS_MAX)) && !filtered(filters(limits::CONDITIONS_MAX + 1)));
    assert!(filtered(values(limits::VALUES_MAX)) && !filtered(values(limits::VALUES_MAX + 1)));
}
