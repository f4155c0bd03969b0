//! The append-only log of accepted events: what is in it is durable, and nothing is acknowledged before it is.
//!
//! A file has one writer, which holds its lock for as long as it may still write; a file whose lock is free is
//! closed for ever and may be absorbed into segments. Numbers of files ascend and are never used twice, so the
//! order of arrival is (file, frame, place in the frame).
//!
//! A file is a header and frames (see [`frame`]); every checksum continues the one before it, so that a torn, an
//! altered and a misplaced frame are all told from a good one, and none is ever served.

mod closed;
mod committer;
mod files;
mod frame;
mod reader;
mod seal;
mod writer;

pub use committer::{Busy, Closed, Committer, Done, Entry, Storage};
pub use files::JournalFolder;
pub use writer::{CommitError, JournalLimits};

pub(crate) use closed::{ClosedFile, closed_files};
pub(crate) use frame::Frame;
pub(crate) use frame::Position;
#[cfg(test)]
pub(crate) use frame::RefusedCount;
pub(crate) use reader::{Found, Frames, HeaderFault, read_header};
pub(crate) use seal::{Payload, Payloads};

#[cfg(test)]
pub(crate) use writer::{Batch, Writer};

#[cfg(test)]
mod tests;
