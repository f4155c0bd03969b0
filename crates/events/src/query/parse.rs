//! From the JSON of a request to a [`Query`]: every key known, every shape as said, every size within limits.

use serde_json::{Map, Value};

use super::buckets::auto_interval;
use super::order::default_order;
use super::range::Calendar;
use super::{
    Condition, Dimension, Direction, Filter, Include, Interval, Metric, OrderKey, Pagination, Query,
    QueryError, limits,
};

const KEYS: &str = "site_id, date_range, metrics, dimensions, filters, order_by, include and pagination";

/// The domain a query names.
pub(crate) fn site_id(json: &Value) -> Result<&str, QueryError> {
    let object = json.as_object().ok_or(QueryError::NotAnObject)?;
    let shape = QueryError::Shape { key: "site_id", expected: "the domain of a site" };
    object.get("site_id").ok_or(QueryError::Missing("site_id"))?.as_str().ok_or(shape)
}

/// Reads everything but the rules of what goes together.
pub(crate) fn parse(json: &Value, calendar: &Calendar) -> Result<Query, QueryError> {
    let site_id = site_id(json)?.to_owned();
    let object = json.as_object().ok_or(QueryError::NotAnObject)?;
    known_keys(
        object,
        &["site_id", "date_range", "metrics", "dimensions", "filters", "order_by", "include", "pagination"],
        KEYS,
    )?;
    let range = calendar.resolve(object.get("date_range").ok_or(QueryError::Missing("date_range"))?)?;
    let metrics = metrics(object.get("metrics").ok_or(QueryError::Missing("metrics"))?)?;
    let written = dimensions(object.get("dimensions"))?;
    let order_by = order_by(object.get("order_by"), &metrics, &written)?;
    // `time` is resolved only now, so that an order by it is still understood.
    let resolve = |dimension: Dimension| match dimension {
        Dimension::Time(Interval::Auto) => Dimension::Time(auto_interval(range)),
        other => other,
    };
    let order_by = order_by
        .into_iter()
        .map(|(key, direction)| match key {
            OrderKey::Dimension(dimension) => (OrderKey::Dimension(resolve(dimension)), direction),
            OrderKey::Metric(_) => (key, direction),
        })
        .collect();
    let dimensions = written.into_iter().map(resolve).collect();
    let no_filters = Value::Array(Vec::new());
    let filters_json = object.get("filters").filter(|filters| !filters.is_null()).unwrap_or(&no_filters);
    let filters = filters(filters_json)?;
    let pagination = pagination(object.get("pagination"))?;
    let include = include(object.get("include"))?;
    let (zone, filters_json) = (calendar.zone.clone(), filters_json.clone());
    Ok(Query {
        site_id,
        range,
        zone,
        metrics,
        dimensions,
        filters,
        order_by,
        pagination,
        include,
        filters_json,
        buckets: Vec::new(),
    })
}

fn known_keys(object: &Map<String, Value>, known: &[&str], listed: &'static str) -> Result<(), QueryError> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(QueryError::UnknownKey { key: shown(key), known: listed }),
        None => Ok(()),
    }
}

/// A name from outside, short enough for a sentence.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

fn names<'a>(value: &'a Value, key: &'static str) -> Result<Vec<&'a str>, QueryError> {
    let shape = || QueryError::Shape { key, expected: "a list of names" };
    value.as_array().ok_or_else(shape)?.iter().map(|name| name.as_str().ok_or_else(shape)).collect()
}

fn metrics(value: &Value) -> Result<Vec<Metric>, QueryError> {
    let names = names(value, "metrics")?;
    if names.is_empty() {
        return Err(QueryError::Missing("metrics"));
    }
    if names.len() > limits::METRICS_MAX {
        return Err(QueryError::TooMany { what: "metrics", max: limits::METRICS_MAX });
    }
    let mut found: Vec<Metric> = Vec::with_capacity(names.len());
    for name in names {
        let metric = Metric::from_name(name).ok_or_else(|| QueryError::UnknownMetric(shown(name)))?;
        if found.contains(&metric) {
            return Err(QueryError::Repeated(name.to_owned()));
        }
        found.push(metric);
    }
    Ok(found)
}

fn dimensions(value: Option<&Value>) -> Result<Vec<Dimension>, QueryError> {
    let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(Vec::new()) };
    let names = names(value, "dimensions")?;
    if names.len() > limits::DIMENSIONS_MAX {
        return Err(QueryError::TooMany { what: "dimensions", max: limits::DIMENSIONS_MAX });
    }
    let mut found: Vec<Dimension> = Vec::with_capacity(names.len());
    for name in names {
        let dimension =
            Dimension::from_name(name).ok_or_else(|| QueryError::UnknownDimension(shown(name)))?;
        if found.contains(&dimension) {
            return Err(QueryError::Repeated(shown(name)));
        }
        found.push(dimension);
    }
    Ok(found)
}

fn order_by(
    value: Option<&Value>,
    metrics: &[Metric],
    dimensions: &[Dimension],
) -> Result<Vec<(OrderKey, Direction)>, QueryError> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(default_order(metrics, dimensions));
    };
    let shape =
        || QueryError::Shape { key: "order_by", expected: r#"a list of pairs such as ["visitors", "desc"]"# };
    let pairs = value.as_array().ok_or_else(shape)?;
    if pairs.len() > limits::METRICS_MAX + limits::DIMENSIONS_MAX {
        return Err(QueryError::TooMany { what: "entries in order_by", max: limits::METRICS_MAX });
    }
    let mut found = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let Some([Value::String(name), Value::String(direction)]) = pair.as_array().map(Vec::as_slice) else {
            return Err(shape());
        };
        let direction = match direction.as_str() {
            "asc" => Direction::Ascending,
            "desc" => Direction::Descending,
            _ => return Err(shape()),
        };
        let metric = Metric::from_name(name).filter(|metric| metrics.contains(metric)).map(OrderKey::Metric);
        let dimension = || Dimension::from_name(name).filter(|dimension| dimensions.contains(dimension));
        let key = metric.or_else(|| dimension().map(OrderKey::Dimension));
        found.push((key.ok_or_else(|| QueryError::OrderBy(shown(name)))?, direction));
    }
    Ok(found)
}

fn pagination(value: Option<&Value>) -> Result<Pagination, QueryError> {
    let mut pagination = Pagination { limit: limits::ROWS_MAX, offset: 0 };
    let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(pagination) };
    let object = value.as_object().ok_or(QueryError::Shape {
        key: "pagination",
        expected: r#"an object such as {"limit": 100, "offset": 0}"#,
    })?;
    known_keys(object, &["limit", "offset"], "limit and offset, here in pagination")?;
    let number = |value: &Value, min: usize, max: usize| {
        value
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
            .filter(|number| (min..=max).contains(number))
    };
    if let Some(limit) = object.get("limit") {
        let shape = QueryError::Shape { key: "pagination.limit", expected: "a whole number from 1 to 10000" };
        pagination.limit = number(limit, 1, limits::ROWS_MAX).ok_or(shape)?;
    }
    if let Some(offset) = object.get("offset") {
        let shape =
            QueryError::Shape { key: "pagination.offset", expected: "a whole number from 0 to 10000000" };
        pagination.offset = number(offset, 0, limits::OFFSET_MAX).ok_or(shape)?;
    }
    Ok(pagination)
}

fn include(value: Option<&Value>) -> Result<Include, QueryError> {
    let mut include = Include::default();
    let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(include) };
    let shape =
        || QueryError::Shape { key: "include", expected: r#"an object such as {"total_rows": true}"# };
    let object = value.as_object().ok_or_else(shape)?;
    known_keys(
        object,
        &["imports", "time_labels", "total_rows"],
        "imports, time_labels and total_rows, here in include",
    )?;
    let flag = |key: &str| object.get(key).map_or(Ok(false), |value| value.as_bool().ok_or_else(shape));
    include.imports = flag("imports")?;
    include.time_labels = flag("time_labels")?;
    include.total_rows = flag("total_rows")?;
    Ok(include)
}

/// Reads filters by themselves.
pub(crate) fn filters(json: &Value) -> Result<Vec<Filter>, QueryError> {
    FilterReader::default().all(json, 1)
}

/// Reads filters, counting their conditions.
#[derive(Default)]
struct FilterReader {
    conditions: usize,
}

impl FilterReader {
    fn all(&mut self, json: &Value, depth: usize) -> Result<Vec<Filter>, QueryError> {
        if depth > limits::FILTER_DEPTH_MAX {
            return Err(QueryError::FilterTooDeep);
        }
        let shape = QueryError::Shape { key: "filters", expected: "a list of filters" };
        json.as_array().ok_or(shape)?.iter().map(|filter| self.one(filter, depth)).collect()
    }

    fn one(&mut self, json: &Value, depth: usize) -> Result<Filter, QueryError> {
        if depth > limits::FILTER_DEPTH_MAX {
            return Err(QueryError::FilterTooDeep);
        }
        let problem = |problem: &str| QueryError::Filter {
            filter: shown(&json.to_string()),
            problem: problem.to_owned(),
        };
        let parts = json.as_array().map_or(&[][..], Vec::as_slice);
        let Some(Value::String(operator)) = parts.first() else {
            return Err(problem("is not a list that begins with an operator"));
        };
        match (operator.as_str(), &parts[1..]) {
            ("and", [inner]) => self.all(inner, depth + 1).map(Filter::And),
            ("or", [inner]) => self.all(inner, depth + 1).map(Filter::Or),
            ("not", [inner]) => self.one(inner, depth + 1).map(|inner| Filter::Not(Box::new(inner))),
            ("has_done", [inner]) => self.one(inner, depth + 1).map(|inner| Filter::HasDone(Box::new(inner))),
            ("has_not_done", [inner]) => {
                let done = self.one(inner, depth + 1).map(|inner| Filter::HasDone(Box::new(inner)));
                done.map(|done| Filter::Not(Box::new(done)))
            }
            ("and" | "or" | "not" | "has_done" | "has_not_done", _) => {
                Err(problem("takes exactly one thing after its operator"))
            }
            ("is" | "is_not" | "contains" | "contains_not" | "matches" | "matches_not", rest) => {
                self.condition(operator, rest).map(Filter::Is).map_err(|sentence| match sentence {
                    Sentence::Problem(text) => problem(&text),
                    Sentence::Error(error) => error,
                })
            }
            _ => Err(problem("has an operator that is not known")),
        }
    }

    fn condition(&mut self, operator: &str, rest: &[Value]) -> Result<Condition, Sentence> {
        self.conditions += 1;
        if self.conditions > limits::CONDITIONS_MAX {
            let error = QueryError::TooMany { what: "conditions in filters", max: limits::CONDITIONS_MAX };
            return Err(Sentence::Error(error));
        }
        let (name, values, modifiers) = match rest {
            [Value::String(name), Value::Array(values)] => (name, values, None),
            [Value::String(name), Value::Array(values), Value::Object(modifiers)] => {
                (name, values, Some(modifiers))
            }
            _ => return Err(Sentence::problem("is not [operator, dimension, [values]]")),
        };
        let dimension = Dimension::from_name(name)
            .ok_or_else(|| Sentence::Error(QueryError::UnknownDimension(shown(name))))?;
        if matches!(dimension, Dimension::Time(_)) {
            return Err(Sentence::problem("is on time; set date_range instead"));
        }
        if values.is_empty() || values.len() > limits::VALUES_MAX {
            return Err(Sentence::Problem(format!("has no values or more than {}", limits::VALUES_MAX)));
        }
        let values = values.iter().map(value).collect::<Result<_, _>>()?;
        let mut case_sensitive = true;
        for (key, value) in modifiers.into_iter().flatten() {
            case_sensitive = match (key.as_str(), value) {
                ("case_sensitive", Value::Bool(flag)) => *flag,
                _ => {
                    return Err(Sentence::problem(
                        r#"knows one modifier: {"case_sensitive": true or false}"#,
                    ));
                }
            };
        }
        Condition::new(operator, dimension, values, case_sensitive).map_err(Sentence::Problem)
    }
}

fn value(value: &Value) -> Result<String, Sentence> {
    match value {
        Value::String(text) if text.len() <= limits::VALUE_BYTES_MAX => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(Sentence::Problem(format!(
            "has a value that is no text of at most {} bytes",
            limits::VALUE_BYTES_MAX
        ))),
    }
}

/// What is wrong with a condition: the rest of a sentence about its filter, or an error of its own.
enum Sentence {
    Problem(String),
    Error(QueryError),
}

impl Sentence {
    fn problem(text: &str) -> Self {
        Self::Problem(text.to_owned())
    }
}
