//! Immutable sorted files: Parquet, read and written column by column.
//!
//! A file is never changed once it has its name. Everything read from it is checked against the checksums that
//! the catalog and the footer hold before any of it is decoded; what fails the check is reported with the file's
//! name and never served.

mod layout;
mod read;
mod source;
mod stays;
mod write;

use std::path::PathBuf;

pub(crate) use read::SegmentReader;
pub(crate) use source::Source;
#[cfg(test)]
pub(crate) use write::Encoded;
pub(crate) use write::encode;

/// Why a segment could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SegmentError {
    /// The disk failed.
    #[error("{path}: {error}", path = .path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// What the disk said.
        #[source]
        error: std::io::Error,
    },
    /// The file is not what was written: cut short, altered, or not a segment.
    #[error("{path} is damaged: {what}", path = .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// The sealed file does not open: it was altered, cut short or put in another's place.
    #[error("{path} is damaged: {error}", path = .path.display())]
    Sealed {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        error: sealing::ObjectError,
    },
    /// Its key is not given.
    #[error("{path} stays closed: {error}", path = .path.display())]
    Closed {
        /// The file.
        path: PathBuf,
        /// Why.
        error: sealing::OpenError,
    },
    /// The file was written by a newer Candor.
    #[error("{path} has format {format}, newer than this Candor reads", path = .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        format: u32,
    },
}

#[cfg(test)]
mod tests;
