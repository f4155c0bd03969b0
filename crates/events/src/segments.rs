//! Immutable sorted files: Parquet, read and written column by column.
//!
//! A file is never changed once it has its name. Everything read from it is checked against the checksums that
//! the catalog and the footer hold before any of it is decoded; what fails the check is reported with the file's
//! name and never served.

mod layout;
mod read;
mod stays;
mod write;

use sealing::{Form, Kind, ReadError};

pub(crate) use read::SegmentReader;
pub(crate) use write::{Encoded, encode};

/// What their objects are like.
pub(crate) const FORM: Form = Form { kind: Kind::Segment, extension: "parquet", unsealed: b"PAR1" };

/// Why a segment could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SegmentError {
    /// Its object is not there, does not open, or stays closed.
    #[error(transparent)]
    Object(#[from] ReadError),
    /// It is not what was written: cut short, altered, or not a segment.
    #[error("{name} is damaged: {what}")]
    Damaged {
        /// The object.
        name: String,
        /// What does not fit.
        what: String,
    },
    /// It was written by a newer Candor.
    #[error("{name} has format {format}, newer than this Candor reads")]
    Newer {
        /// The object.
        name: String,
        /// Its format.
        format: u32,
    },
}

#[cfg(test)]
mod tests;
