//! From counts to an answer: ratios, order, pagination, labels. Halves round away from zero.

use std::cmp::Ordering;
use std::sync::Arc;

use super::counted::{Counted, Numbers};
use super::groups::Combination;
use super::labels::{Source, shown};
use super::plan::{PanelPlan, Plan, tells_visits_by_events};
use crate::query::{Answer, AnswerRow, Direction, Meta, Metric, OrderKey, Query, Value};

/// The answers to `queries`, from what each one's panel counted.
pub(crate) fn answers(queries: &[&Query], plan: &Plan<'_>, counted: &[Counted]) -> Vec<Answer> {
    let panels = plan.panels.iter().zip(counted);
    queries
        .iter()
        .zip(panels)
        .map(|(query, (panel, counted))| Finish { query, plan, panel, counted }.answer())
        .collect()
}

struct Finish<'a> {
    query: &'a Query,
    plan: &'a Plan<'a>,
    panel: &'a PanelPlan,
    counted: &'a Counted,
}

/// A row before it is told.
struct Row {
    metrics: Vec<Value>,
    labels: Vec<Label>,
}

/// A dimension's value; buckets are in order of time, whatever their labels say.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Label {
    Bucket(u32),
    Text(Arc<str>),
}

impl Finish<'_> {
    fn answer(&self) -> Answer {
        let mut rows = self.counted_rows();
        let include = self.query.include;
        let buckets = &self.query.buckets;
        let meta = Meta {
            imports_included: include.imports.then_some(false),
            time_labels: include
                .time_labels
                .then(|| buckets.iter().map(|bucket| bucket.label.clone()).collect()),
            total_rows: include.total_rows.then_some(rows.len()),
        };
        self.keep_candidates(&mut rows);
        let mut rows: Vec<Row> = rows.iter().map(|row| self.row(row)).collect();
        rows.sort_by(|one, other| self.compare(one, other));
        let page = rows.into_iter().skip(self.query.pagination.offset).take(self.query.pagination.limit);
        let results = page
            .map(|row| AnswerRow {
                dimensions: row.labels.into_iter().map(|label| self.text(label)).collect(),
                metrics: row.metrics,
            })
            .collect();
        Answer { results, meta, query: self.query.echo() }
    }

    /// The rows there are, as what was counted of each.
    fn counted_rows(&self) -> Vec<(Combination, Numbers)> {
        if self.query.dimensions.is_empty() {
            let only = Combination::default();
            return vec![self.counted.rows.first().copied().unwrap_or((only, Numbers::default()))];
        }
        let of_events = self.panel.events.is_some();
        let exists =
            |numbers: &Numbers| if of_events { numbers.events > 0 } else { numbers.whole_visits > 0 };
        self.counted.rows.iter().filter(|(_, numbers)| exists(numbers)).copied().collect()
    }

    fn row(&self, (combination, numbers): &(Combination, Numbers)) -> Row {
        Row {
            metrics: self.query.metrics.iter().map(|metric| self.value(*metric, numbers)).collect(),
            labels: self.labels(combination),
        }
    }

    fn value(&self, metric: Metric, numbers: &Numbers) -> Value {
        let whole_visits = numbers.whole_visits;
        // Of nothing there is no ratio; the headline of an empty report shows 0, as peers do.
        let ratio = |dividend: u64, divisor: u64| match (divisor, self.query.dimensions.is_empty()) {
            (0, true) => Some(0),
            (0, false) => None,
            _ => Some(rounded(dividend, divisor)),
        };
        let whole = |number: Option<u64>| number.map_or(Value::Unknown, Value::Whole);
        #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
        let fraction = |number: Option<u64>, parts: f64| {
            number.map_or(Value::Unknown, |number| Value::Fraction(number as f64 / parts))
        };
        let known = |dividend: u64, divisor: u64| (divisor > 0).then(|| rounded(dividend, divisor));
        match metric {
            Metric::Visitors => Value::Whole(numbers.visitors),
            Metric::Visits if tells_visits_by_events(self.query) => Value::Whole(numbers.visits),
            Metric::Visits => Value::Whole(whole_visits),
            Metric::Pageviews => Value::Whole(numbers.pageviews),
            Metric::Events => Value::Whole(numbers.events),
            Metric::ViewsPerVisit => fraction(ratio(numbers.views * 100, whole_visits), 100.0),
            Metric::BounceRate => whole(ratio(numbers.bounced * 100, whole_visits)),
            Metric::VisitDuration => whole(ratio(numbers.seconds, whole_visits)),
            Metric::Percentage => fraction(ratio(numbers.visitors * 1_000, self.counted.total), 10.0),
            Metric::ScrollDepth => whole(known(numbers.depth_sum, numbers.depth_visitors)),
            Metric::TimeOnPage if numbers.engaged_ms == 0 => Value::Unknown,
            Metric::TimeOnPage => whole(known(numbers.engaged_ms, numbers.engaged_visits * 1_000)),
        }
    }

    /// Leaves out rows that cannot be on the page, so that only the others need their numbers and texts: judged
    /// by the first number that rows are ordered by.
    fn keep_candidates(&self, rows: &mut Vec<(Combination, Numbers)>) {
        let wanted = self.query.pagination.offset.saturating_add(self.query.pagination.limit);
        let Some((OrderKey::Metric(metric), direction)) = self.query.order_by.first() else { return };
        if rows.len() <= wanted {
            return;
        }
        let value = |row: &(Combination, Numbers)| self.value(*metric, &row.1);
        let mut values: Vec<Value> = rows.iter().map(value).collect();
        let compare = |one: &Value, other: &Value| compare_values(*one, *other, *direction);
        let (_, last, _) = values.select_nth_unstable_by(wanted - 1, compare);
        let last = *last;
        rows.retain(|row| compare(&value(row), &last).is_le());
    }

    /// The order that was asked for; rows that it leaves equal go by their labels.
    fn compare(&self, one: &Row, other: &Row) -> Ordering {
        for (key, direction) in &self.query.order_by {
            let ordering = match key {
                OrderKey::Metric(metric) => {
                    let at = self.query.metrics.iter().position(|asked| asked == metric).unwrap_or(0);
                    compare_values(one.metrics[at], other.metrics[at], *direction)
                }
                OrderKey::Dimension(dimension) => {
                    let at = self.query.dimensions.iter().position(|asked| asked == dimension).unwrap_or(0);
                    let ordering = one.labels.get(at).cmp(&other.labels.get(at));
                    if *direction == Direction::Descending { ordering.reverse() } else { ordering }
                }
            };
            if ordering.is_ne() {
                return ordering;
            }
        }
        one.labels.cmp(&other.labels)
    }

    fn labels(&self, combination: &Combination) -> Vec<Label> {
        let places = self.query.dimensions.iter().zip(&self.panel.properties).zip(combination);
        places
            .map(|((dimension, property), code)| match (property, Source::of(dimension)) {
                (Some(property), _) => Label::Text(property.values[*code as usize].clone()),
                (None, Some(source)) => {
                    let stored = self.plan.view.dictionaries.of(source.column).text(*code);
                    let text = shown(dimension, &stored);
                    Label::Text(if *text == *stored { stored.clone() } else { text.into() })
                }
                (None, None) => Label::Bucket(*code),
            })
            .collect()
    }

    fn text(&self, label: Label) -> String {
        match label {
            Label::Bucket(bucket) => self.query.buckets[bucket as usize].label.clone(),
            Label::Text(text) => text.as_ref().to_owned(),
        }
    }
}

/// What is not known comes last in either direction.
fn compare_values(one: Value, other: Value, direction: Direction) -> Ordering {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => {
            let ordering = one.total_cmp(&other);
            if direction == Direction::Descending { ordering.reverse() } else { ordering }
        }
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// `dividend / divisor` as the nearest whole number.
fn rounded(dividend: u64, divisor: u64) -> u64 {
    let divisor = u128::from(divisor);
    let nearest = (2 * u128::from(dividend) + divisor) / (2 * divisor);
    u64::try_from(nearest).unwrap_or(u64::MAX)
}
