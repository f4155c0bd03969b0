//! Which events and visits a query speaks of. A filter judges texts, never rows: the walk asks it once per
//! code of a dictionary.

use regex::{Regex, RegexBuilder};

use super::{Dimension, limits};

/// A tree of conditions.
#[derive(Clone, Debug)]
pub enum Filter {
    /// All hold.
    And(Vec<Filter>),
    /// At least one holds.
    Or(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// The visit has an event in the range for which it holds.
    HasDone(Box<Filter>),
    /// A condition on one dimension.
    Is(Condition),
}

/// A condition on one dimension's shown value.
#[derive(Clone, Debug)]
pub struct Condition {
    pub(crate) dimension: Dimension,
    matcher: Matcher,
    /// Whether the values are to be missed instead of met.
    negated: bool,
}

#[derive(Clone, Debug)]
enum Matcher {
    Equals { values: Vec<String>, case_sensitive: bool },
    Contains { values: Vec<String>, case_sensitive: bool },
    Matches(Vec<Regex>),
}

impl Filter {
    /// Every dimension of its conditions.
    pub(crate) fn named(&self) -> Vec<&Dimension> {
        match self {
            Self::And(filters) | Self::Or(filters) => filters.iter().flat_map(Self::named).collect(),
            Self::Not(filter) | Self::HasDone(filter) => filter.named(),
            Self::Is(condition) => vec![&condition.dimension],
        }
    }
}

impl Condition {
    /// A condition of the operator of this name; the error is the rest of a sentence about it.
    pub(crate) fn new(
        operator: &str,
        dimension: Dimension,
        mut values: Vec<String>,
        case_sensitive: bool,
    ) -> Result<Self, String> {
        if !case_sensitive {
            values.iter_mut().for_each(|value| *value = value.to_lowercase());
        }
        let matcher = match operator {
            "is" | "is_not" => Matcher::Equals { values, case_sensitive },
            "contains" | "contains_not" => Matcher::Contains { values, case_sensitive },
            "matches" | "matches_not" if case_sensitive => {
                Matcher::Matches(values.iter().map(|value| compile(value)).collect::<Result<_, _>>()?)
            }
            _ => return Err("`case_sensitive` goes with is, is_not, contains and contains_not".to_owned()),
        };
        Ok(Self { dimension, matcher, negated: operator.ends_with("_not") })
    }

    /// Whether it holds for a shown value.
    pub(crate) fn holds(&self, shown: &str) -> bool {
        let met = match &self.matcher {
            Matcher::Equals { values, case_sensitive: true } => values.iter().any(|value| value == shown),
            Matcher::Contains { values, case_sensitive: true } => {
                values.iter().any(|value| shown.contains(value.as_str()))
            }
            Matcher::Equals { values, .. } => {
                let lower = shown.to_lowercase();
                values.contains(&lower)
            }
            Matcher::Contains { values, .. } => {
                let lower = shown.to_lowercase();
                values.iter().any(|value| lower.contains(value.as_str()))
            }
            Matcher::Matches(expressions) => expressions.iter().any(|expression| expression.is_match(shown)),
        };
        met != self.negated
    }
}

fn compile(expression: &str) -> Result<Regex, String> {
    RegexBuilder::new(expression)
        .size_limit(limits::REGEX_BYTES_MAX)
        .dfa_size_limit(limits::REGEX_BYTES_MAX)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => format!("`{expression}` is too large a regular expression"),
            _ => format!("`{expression}` is not a regular expression"),
        })
}

impl Filter {
    /// Calls `see` with every condition on an event or its visit, and whether it stands inside `has_done`.
    pub(crate) fn visit_conditions(&self, inside: bool, see: &mut impl FnMut(&Condition, bool)) {
        match self {
            Self::And(filters) | Self::Or(filters) => {
                filters.iter().for_each(|filter| filter.visit_conditions(inside, see));
            }
            Self::Not(filter) => filter.visit_conditions(inside, see),
            Self::HasDone(filter) => filter.visit_conditions(true, see),
            Self::Is(condition) => see(condition, inside),
        }
    }

    /// Whether it speaks of single events, so that it can hold for one event of a visit and not for another.
    pub(crate) fn is_of_events(&self) -> bool {
        let mut found = false;
        self.visit_conditions(false, &mut |condition, inside| {
            found |= !inside && matches!(condition.dimension, Dimension::Event(_));
        });
        found
    }

    /// The same filter for metrics of whole visits: the page means the entry page, the host its host.
    pub(crate) fn of_entry(&self) -> Self {
        let all = |filters: &[Filter]| filters.iter().map(Filter::of_entry).collect();
        match self {
            Self::And(filters) => Self::And(all(filters)),
            Self::Or(filters) => Self::Or(all(filters)),
            Self::Not(filter) => Self::Not(Box::new(filter.of_entry())),
            Self::HasDone(filter) => Self::HasDone(filter.clone()),
            Self::Is(condition) => {
                Self::Is(Condition { dimension: condition.dimension.of_entry(), ..condition.clone() })
            }
        }
    }
}
