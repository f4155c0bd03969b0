//! What was found of a visitor and erased: counts and names of files, nothing that a visitor did.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// What was erased, or would be. Parts add up, so that an erasure that was cut off and begun anew tells all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Erased {
    /// Events that reports counted.
    pub events: u64,
    /// Events that were set aside.
    pub set_aside: u64,
    /// Visits that the events which counted were of.
    pub visits: u64,
    /// The first and the last of all these events.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Recordings.
    pub recordings: u64,
    /// Their bytes.
    pub recording_bytes: u64,
    /// Names of the files that held any of it and were deleted.
    pub files: Vec<String>,
}

impl Erased {
    /// Adds another part.
    pub fn add(&mut self, other: Self) {
        self.events += other.events;
        self.set_aside += other.set_aside;
        self.visits += other.visits;
        self.recordings += other.recordings;
        self.recording_bytes += other.recording_bytes;
        self.span = match (self.span, other.span) {
            (Some(one), Some(two)) => Some((one.0.min(two.0), one.1.max(two.1))),
            (one, two) => one.or(two),
        };
        self.files.extend(other.files);
        self.files.sort_unstable();
        self.files.dedup();
    }

    /// Whether there is nothing of it.
    pub const fn is_nothing(&self) -> bool {
        self.events == 0 && self.set_aside == 0 && self.recordings == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_an_erasure_add_up_and_a_file_is_named_once() {
        let part = |events, span, file: &str| Erased {
            events,
            span,
            files: vec![file.to_owned()],
            ..Erased::default()
        };
        let mut whole = Erased::default();
        assert!(whole.is_nothing());
        whole.add(part(2, Some((Timestamp(5), Timestamp(9))), "b"));
        whole.add(part(1, Some((Timestamp(3), Timestamp(6))), "a"));
        whole.add(part(0, None, "b"));
        assert_eq!((whole.events, whole.span), (3, Some((Timestamp(3), Timestamp(9)))));
        assert_eq!(whole.files, ["a", "b"]);
        assert!(!whole.is_nothing());
    }
}
