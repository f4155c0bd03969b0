//! The spool: where the process that faces the internet puts chunks, sealed, and nobody but the worker takes them from.
//! What is in it is durable, and nothing is acknowledged before it is.
//!
//! A file has one writer, which holds its lock for as long as it may still write; a file whose lock is free is closed for
//! ever. Its name is never used twice.

mod committer;
mod folder;
mod frame;
mod writer;

pub use committer::{Busy, Closed, Done, Spool};
pub use folder::SpoolFolder;
pub use writer::{SpoolError, SpoolLimits};

pub(crate) use folder::ClosedFile;
pub(crate) use frame::{Found, Frames, HeaderFault};

#[cfg(test)]
mod tests;
