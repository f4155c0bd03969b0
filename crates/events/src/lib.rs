//! Keeps clean events and answers questions about them.

mod dictionary;
mod journal;
pub mod query;
mod reports;
mod rows;
mod segments;
mod store;
#[cfg(test)]
mod testing;
mod walk;

pub use segments::SegmentError;
pub use journal::{Busy, CommitError, Committer, Done, Entry, JournalFolder, JournalLimits, Storage};
pub use walk::WalkCounts;
