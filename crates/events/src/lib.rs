//! Keeps clean events and answers questions about them.

mod aliases;
mod catalog;
mod dictionary;
mod journal;
pub mod query;
mod reports;
mod rows;
mod segments;
mod store;
mod stretches;
mod tail;
#[cfg(test)]
mod testing;
mod walk;

pub use aliases::Aliases;
pub use catalog::{
    BUCKET_BITS_MAX, Bucket, BucketError, Catalog, CatalogError, Change, DescriptionError, Kept, Reason,
    ReasonCount, Segment, SegmentId, Snapshot,
};
pub use journal::{Busy, Closed, CommitError, Committer, Done, Entry, JournalFolder, JournalLimits, Storage};
pub use reports::Span;
pub use segments::SegmentError;
pub use store::{
    Belongings, ByVersion, Disk, Disks, Erasing, Erasure, Export, OfVisitors, Pace, Progress, Resting, Store,
    StoreError, Upkeep,
};
pub use walk::WalkCounts;
