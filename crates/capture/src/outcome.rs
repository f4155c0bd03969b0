//! What becomes of a request: clean events, named refusals, or a malformed body.

use domain::{Event, Refusal, SiteId};

/// What became of the event at one of the sites it was for.
#[derive(Clone, Debug, PartialEq)]
pub enum Captured {
    /// It is clean and may be stored. With a `suspicion` it is stored apart, out of every report.
    Accepted {
        /// The site it belongs to.
        site: SiteId,
        /// The event.
        event: Box<Event>,
    },
    /// It is not kept; only the reason is counted.
    Refused {
        /// The site whose people see the count; none where no site has the domain.
        site: Option<SiteId>,
        /// Why.
        reason: Refusal,
    },
}

/// The body is no event, and the sender must mend it: which field, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct Malformed {
    /// The field as its long name, or `body` or `content-encoding`.
    pub field: &'static str,
    /// A sentence for the sender. It never repeats what was sent.
    pub message: String,
}

impl Malformed {
    pub(crate) fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into() }
    }
}

/// Through which door an event comes, which decides how far back it may lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Admission {
    /// From the internet: 7 days back to 10 minutes ahead.
    #[default]
    Live,
    /// From a command that imports history: any day since 2000, to 10 minutes ahead.
    Bulk,
}
