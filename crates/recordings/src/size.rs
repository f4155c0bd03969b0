//! How large a recording may become. Who takes chunks counts, and refuses what is more; who takes them in looks again at what is
//! kept, as the other begins to count anew when it is started again.

/// How large something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// How many chunks.
    pub chunks: u64,
    /// Bytes that are kept.
    pub kept: u64,
    /// Bytes of events, before they were compressed: what is kept can be a thousandth of them.
    pub events: u64,
}

impl Size {
    /// Of one recording, at most.
    pub const OF_RECORDING_MAX: Self = Self { chunks: 20_000, kept: 64 << 20, events: 512 << 20 };

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            chunks: self.chunks + other.chunks,
            kept: self.kept + other.kept,
            events: self.events + other.events,
        }
    }

    /// Whether nothing of it is more than of `limit`.
    pub const fn fits(self, limit: Self) -> bool {
        self.chunks <= limit.chunks && self.kept <= limit.kept && self.events <= limit.events
    }
}
