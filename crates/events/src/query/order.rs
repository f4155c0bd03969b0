//! In which order rows are handed out.

use super::{Dimension, Metric};

/// What rows are ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderKey {
    /// A number of the row.
    Metric(Metric),
    /// A text of the row.
    Dimension(Dimension),
}

/// Which end comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

impl Direction {
    /// Its name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }
}

impl OrderKey {
    /// Its name in the API.
    pub fn name(&self) -> String {
        match self {
            Self::Metric(metric) => metric.as_str().to_owned(),
            Self::Dimension(dimension) => dimension.to_string(),
        }
    }
}

/// The order when none is given: time ascending if there is a time dimension, then the first metric descending.
pub(crate) fn default_order(metrics: &[Metric], dimensions: &[Dimension]) -> Vec<(OrderKey, Direction)> {
    let time = dimensions.iter().find(|dimension| matches!(dimension, Dimension::Time(_)));
    let time = time.map(|time| (OrderKey::Dimension(time.clone()), Direction::Ascending));
    let metric = metrics.first().map(|metric| (OrderKey::Metric(*metric), Direction::Descending));
    time.into_iter().chain(metric).collect()
}
