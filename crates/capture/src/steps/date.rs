//! Step 6, check the date: an event's own time may lie 7 days back to 10 minutes ahead, both included.

use domain::{Refusal, Timestamp, limits};

use crate::Admission;

/// When the event happened: its own time, or the time of its arrival where it names none.
pub(crate) fn check(
    claimed: Option<Timestamp>,
    received_at: Timestamp,
    admission: Admission,
) -> Result<Timestamp, Refusal> {
    let at = claimed.unwrap_or(received_at);
    let first = match admission {
        Admission::Live => received_at - limits::EVENT_AGE_MAX,
        Admission::Bulk => Timestamp(limits::HISTORY_BEGINS_MS),
    };
    let last = received_at + limits::EVENT_AHEAD_MAX;
    if (first..=last).contains(&at) { Ok(at) } else { Err(Refusal::Date) }
}

#[cfg(test)]
mod tests;
