//! Every metric with every dimension and every filter that goes with it, and then combinations at random.

use serde_json::{Value as Json, json};

use super::traffic::Dice;
use crate::query::{Metric, VisitDimension};

const OPERATORS: [&str; 6] = ["is", "is_not", "contains", "contains_not", "matches", "matches_not"];
const TIMES: [&str; 6] = ["time", "time:minute", "time:hour", "time:day", "time:week", "time:month"];

/// Dimensions that can be filtered by: all but time.
pub(super) fn things() -> Vec<String> {
    let events = ["event:page", "event:hostname", "event:name", "event:props:plan", "event:props:size"];
    let visits = VisitDimension::ALL.iter().map(|visit| format!("visit:{}", visit.as_str()));
    events.iter().map(ToString::to_string).chain(visits).collect()
}

fn all_metrics() -> Vec<&'static str> {
    Metric::ALL.iter().map(|metric| metric.as_str()).collect()
}

/// Every metric alone by every dimension, and every filter operator on every dimension with every metric.
pub(super) fn each_of_everything(dice: &mut Dice, ranges: &[Json]) -> Vec<Json> {
    let mut questions = Vec::new();
    let mut all: Vec<Vec<String>> = things().into_iter().map(|thing| vec![thing]).collect();
    all.extend(TIMES.iter().filter(|time| **time != "time:minute").map(|time| vec![(*time).to_owned()]));
    all.push(Vec::new());
    for dimensions in &all {
        for metrics in [all_metrics(), vec!["visits", "bounce_rate", "visit_duration", "views_per_visit"]] {
            questions.push(
                json!({ "metrics": metrics, "dimensions": dimensions, "date_range": dice.pick(ranges) }),
            );
        }
        let metric = *dice.pick(&all_metrics());
        questions
            .push(json!({ "metrics": [metric], "dimensions": dimensions, "date_range": dice.pick(ranges) }));
    }
    for thing in things() {
        for operator in OPERATORS {
            for sensitive in [true, false] {
                if sensitive || !operator.starts_with("matches") {
                    let filter = condition(dice, operator, &thing, sensitive);
                    let dimensions = if dice.once_in(2) { Vec::new() } else { dice.pick(&all).clone() };
                    let range = dice.pick(ranges);
                    questions.push(json!({ "metrics": all_metrics(), "dimensions": dimensions, "filters": [filter], "date_range": range }));
                }
            }
        }
    }
    questions
}

/// Up to four dimensions, nested filters, orders, pages, at random.
pub(super) fn anything(dice: &mut Dice, count: usize, ranges: &[Json]) -> Vec<Json> {
    (0..count).map(|_| any_question(dice, ranges)).collect()
}

fn any_question(dice: &mut Dice, ranges: &[Json]) -> Json {
    let mut dimensions: Vec<String> = Vec::new();
    for _ in 0..dice.below(5) {
        let thing = dice.pick(&things()).clone();
        if !dimensions.contains(&thing) {
            dimensions.push(thing);
        }
    }
    let timed = dimensions.len() < 4 && dice.once_in(3);
    let range = dice.pick(ranges).clone();
    if timed {
        // A minute's buckets are for short ranges.
        let times = if range.is_array() { &TIMES[..1] } else { &TIMES[2..] };
        dimensions.insert(dice.below(dimensions.len() + 1), (*dice.pick(times)).to_owned());
    }
    let mut metrics: Vec<&str> = all_metrics();
    while metrics.len() > 1 && !dice.once_in(5) {
        let at = dice.below(metrics.len());
        metrics.remove(at);
    }
    let mut question = json!({ "metrics": metrics, "dimensions": dimensions, "date_range": range });
    question["filters"] = (0..dice.below(4)).map(|_| any_filter(dice, 0)).collect();
    if dice.once_in(3) {
        let by = dice.pick(&metrics).to_owned();
        let mut order = vec![json!([by, if dice.once_in(2) { "asc" } else { "desc" }])];
        if let Some(dimension) = dimensions.first() {
            order.push(json!([dimension, if dice.once_in(2) { "asc" } else { "desc" }]));
        }
        question["order_by"] = order.into();
    }
    if dice.once_in(3) {
        question["pagination"] = json!({ "limit": 1 + dice.below(5), "offset": dice.below(4) });
    }
    question["include"] = json!({ "total_rows": true, "time_labels": timed, "imports": dice.once_in(4) });
    question
}

pub(super) fn any_filter(dice: &mut Dice, depth: usize) -> Json {
    match dice.below(if depth > 2 { 4 } else { 10 }) {
        4 | 5 => json!(["and", [any_filter(dice, depth + 1), any_filter(dice, depth + 1)]]),
        6 => json!(["or", [any_filter(dice, depth + 1), any_filter(dice, depth + 1)]]),
        7 => json!(["not", any_filter(dice, depth + 1)]),
        8 => json!(["has_done", any_filter(dice, depth + 1)]),
        9 => json!(["has_not_done", any_filter(dice, depth + 1)]),
        _ => {
            let operator = *dice.pick(&OPERATORS);
            let thing = dice.pick(&things()).clone();
            let sensitive = operator.starts_with("matches") || dice.once_in(2);
            condition(dice, operator, &thing, sensitive)
        }
    }
}

fn condition(dice: &mut Dice, operator: &str, thing: &str, sensitive: bool) -> Json {
    let values: Vec<&str> = if operator.starts_with("matches") {
        vec![*dice.pick(&["^/docs", "o", "^[A-Z]", "(?i)blog", "[0-9]+$", "^$", "e{1,2}"])]
    } else if operator.starts_with("is") {
        let known = [
            "/",
            "/blog/grüße aus köln",
            "/a'b\"c",
            "example.com",
            "signup",
            "pro",
            "(none)",
            "(not set)",
            "Direct / None",
            "Google",
            "DE",
            "germany",
            "Germany",
            "Firefox",
            "120.0",
            "Desktop",
            "cpc",
            "Spring",
            "de",
            "1920x1080",
            "Direct",
            "GNU/Linux",
            "10",
            "2950159",
            "DE-BE",
            "1",
            "a",
            "newsletter",
            "b c",
        ];
        (0..1 + dice.below(8)).map(|_| *dice.pick(&known)).collect()
    } else {
        (0..1 + dice.below(2)).map(|_| *dice.pick(&["o", "/", "ÜB", "e", "not", "R", "2", "köln"])).collect()
    };
    if sensitive {
        json!([operator, thing, values])
    } else {
        json!([operator, thing, values, { "case_sensitive": false }])
    }
}
