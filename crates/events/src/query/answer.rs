//! The answer to a query, in the shape of the Stats API v2.

use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{OrderKey, Query};

/// The rows of a report, and the query as it was run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The rows, in order, after pagination.
    pub results: Vec<AnswerRow>,
    /// What was asked for beside the rows.
    pub meta: Meta,
    /// The query with its dates and its order resolved.
    pub query: serde_json::Value,
}

/// One row: its numbers in the order of the metrics, its texts in the order of the dimensions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "said above")]
pub struct AnswerRow {
    pub dimensions: Vec<String>,
    pub metrics: Vec<Value>,
}

/// A number, or none where nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Value {
    Whole(u64),
    Fraction(f64),
    Unknown,
}

/// What was asked for beside the rows.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Meta {
    /// Whether imported numbers are part of it: there are none to import yet, so never.
    pub imports_included: Option<bool>,
    /// Every label of the time dimension, also of buckets without rows.
    pub time_labels: Option<Vec<String>>,
    /// How many rows there are before pagination.
    pub total_rows: Option<usize>,
}

/// Only what was asked for.
impl Serialize for Meta {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(included) = self.imports_included {
            map.serialize_entry("imports_included", &included)?;
        }
        if let Some(labels) = &self.time_labels {
            map.serialize_entry("time_labels", labels)?;
        }
        if let Some(rows) = self.total_rows {
            map.serialize_entry("total_rows", &rows)?;
        }
        map.end()
    }
}

impl Value {
    /// The number, where there is one.
    pub fn as_f64(self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
            Self::Whole(number) => Some(number as f64),
            Self::Fraction(number) => Some(number),
            Self::Unknown => None,
        }
    }
}

impl Query {
    /// The query as it is run.
    pub fn echo(&self) -> serde_json::Value {
        let order: Vec<_> = self
            .order_by
            .iter()
            .map(|(key, direction)| json!([OrderKey::name(key), direction.as_str()]))
            .collect();
        let mut include = serde_json::Map::new();
        for (key, asked) in [
            ("imports", self.include.imports),
            ("time_labels", self.include.time_labels),
            ("total_rows", self.include.total_rows),
        ] {
            if asked {
                include.insert(key.to_owned(), asked.into());
            }
        }
        json!({
            "site_id": self.site_id,
            "metrics": self.metrics.iter().map(|metric| metric.as_str()).collect::<Vec<_>>(),
            "date_range": self.range.echo(&self.zone),
            "filters": self.filters_json,
            "dimensions": self.dimensions.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "order_by": order,
            "include": include,
            "pagination": { "limit": self.pagination.limit, "offset": self.pagination.offset },
        })
    }
}
