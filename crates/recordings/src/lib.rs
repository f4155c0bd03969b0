//! Keeps gated chunks of recordings: spooled by the process that takes them, sealed to the site before they touch the disk,
//! taken in by the one that tidies, and read a stretch at a time by whoever may look. What heatmaps count is made of them and
//! kept with them.
//!
//! It knows nothing of HTTP, of SQL or of who asks, and it judges no event: what comes here has passed the gate.

mod chunk;
mod heat;
mod keep;
mod kinds;
mod names;
mod size;
mod spool;
#[cfg(test)]
mod testing;

pub use chunk::{Checked, Chunk, Head, Onlooker, SealedChunk};
pub use heat::{
    Background, ClickKind, Clicked, Heatmap, MOVES_MAX, Moved, PATTERN_BYTES_MAX, PLACES_MAX, Pattern,
    PatternError, Screen, TWENTIETHS, Trace,
};
pub use keep::{
    Change, Contents, Found, Gap, Index, IndexedPage, Learned, Ledger, LedgerError, Lesson, OpenScene, Part,
    Progress, Recordings, RecordingsError, Scene, Taken, Totals, TraceCost, Upkeep, Whose,
};
pub use names::{NotSigns, PageId, TabId};
pub use size::Size;
pub use spool::{Busy, Closed, Done, Spool, SpoolError, SpoolFolder, SpoolLimits};

/// Bytes of a chunk's events, unpacked, at most: what the gate lets through is no longer.
pub const CHUNK_BYTES: usize = 8 << 20;
