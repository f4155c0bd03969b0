//! What heatmaps know of a recording: its trace, made of events that passed the gate and of nothing else, and how the traces of
//! many recordings come to one heatmap. `docs/heatmaps.md` says what is counted.
//!
//! A trace names elements by numbers that say where they stand. Nothing of what a page holds is in one but its path.

mod event;
mod fields;
mod marks;
mod page;
mod pattern;
mod sum;
mod trace;
mod tracer;

pub use pattern::{PATTERN_BYTES_MAX, Pattern, PatternError};
pub use sum::{Background, Clicked, Heatmap, MOVES_MAX, Moved, PLACES_MAX};
pub use trace::{ClickKind, Screen, TWENTIETHS, Trace};
pub(crate) use tracer::Tracer;

#[cfg(test)]
mod tests;
