//! What is wrong with an audit log, in a sentence.

use std::fmt;

use crate::checkpoint::{CheckpointError, CheckpointKey};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The file does not begin as the file of a log.
    NoLog,
    /// It was written by a newer Candor.
    Newer,
    /// A line, counted from 1, is not one that may stand there.
    NoEntry(u64),
    /// An entry is another than the one whose hash was kept.
    Altered(u64),
    /// So many more are, that are not told one by one.
    MoreAltered(u64),
    /// An entry is not there, and those after it are.
    Missing(u64),
    /// An entry stands after one that was written later.
    Reordered(u64),
    /// An entry, the second number, stands where the first should, though that is there too.
    OutOfPlace(u64, u64),
    /// There are fewer entries than there were.
    Truncated {
        /// How many there are.
        entries: u64,
        /// Which checkpoint says that there were more.
        checkpoint: String,
        /// How many.
        had: u64,
    },
    /// There are more entries than were signed.
    NotSigned {
        /// How many there are.
        entries: u64,
        /// How many were signed.
        signed: u64,
    },
    /// The entries from the first to the last are not all what they were.
    Different {
        /// The first that may be another.
        from: u64,
        /// The last.
        to: u64,
        /// Which checkpoint shows it.
        checkpoint: String,
    },
    /// A checkpoint does not count.
    Checkpoint {
        /// Which one.
        name: String,
        /// Why not.
        error: CheckpointError,
    },
    /// A checkpoint is of another log.
    OtherLog {
        /// Which one.
        name: String,
        /// What it is of.
        origin: String,
    },
    /// The file does not end with a checkpoint.
    NoCheckpoint,
    /// Something follows the checkpoint.
    AfterTheEnd,
    /// The file names another key than the one that was asked for.
    OtherKey {
        /// The one it names.
        named: CheckpointKey,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLog => f.write_str("this is not the file of an audit log"),
            Self::Newer => f.write_str("this file was written by a newer Candor: check it with that one"),
            Self::NoEntry(line) => write!(f, "line {line} is not an entry"),
            Self::Altered(number) => write!(f, "entry {number} is not as it was written"),
            Self::MoreAltered(count) => write!(f, "{count} more entries are not as they were written"),
            Self::Missing(number) => write!(f, "entry {number} is missing"),
            Self::Reordered(number) => write!(f, "entry {number} stands after one that was written later"),
            Self::OutOfPlace(place, found) => {
                write!(f, "where entry {place} should be stands entry {found} a second time")
            }
            Self::Truncated { entries, checkpoint, had } => write!(
                f,
                "this log has {entries} entries, {checkpoint} had {had}: the last were taken away, or an older \
                 database was put back"
            ),
            Self::NotSigned { entries, signed } => {
                write!(f, "this log has {entries} entries, of which only {signed} were signed")
            }
            Self::Different { from, to, checkpoint } if from == to => {
                write!(f, "entry {from} is not what it was when {checkpoint} was signed")
            }
            Self::Different { from, to, checkpoint } => {
                write!(f, "entries {from} to {to} are not all what they were when {checkpoint} was signed")
            }
            Self::Checkpoint { name, error } => write!(f, "{name} does not count: {error}"),
            Self::OtherLog { name, origin } => write!(f, "{name} is of another log, {origin}"),
            Self::NoCheckpoint => {
                f.write_str("the file does not end with a checkpoint: it was cut short, or nobody signed it")
            }
            Self::AfterTheEnd => f.write_str("something follows the checkpoint, where the file should end"),
            Self::OtherKey { named } => write!(f, "the file names another public key, {named}"),
        }
    }
}
