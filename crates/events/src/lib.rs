//! Keeps clean events and answers questions about them.

mod dictionary;
mod journal;
mod rows;
mod store;
#[cfg(test)]
mod testing;

pub use journal::{Busy, CommitError, Committer, Done, Entry, JournalFolder, JournalLimits, Storage};
