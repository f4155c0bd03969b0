//! Sorted rows in memory: the one shape in which the walk meets a segment and the journal's tail alike.
//!
//! Rows stand in order of (visitor, time, arrival). A column holds codes, never strings: a text column's codes
//! point into the site's [`Dictionary`], so that equal codes mean equal text across every run of a site.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use domain::{Timestamp, VisitorId};

mod cut;
mod from_events;
mod ids;
mod order;
mod texts;
mod to_events;

pub(crate) use cut::Staying;
pub(crate) use ids::Ids;
pub(crate) use order::{merge_codes, merge_order};

pub(crate) use texts::read_properties;
pub(crate) use to_events::read_event;

/// Everything kept of an event beside its visitor, its time and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Column {
    // Of the event itself.
    Name,
    Hostname,
    Path,
    Properties,
    Revenue,
    Interactive,
    ScrollDepth,
    EngagedMs,
    // Of the visit: the walk reads them at its first event only.
    Referrer,
    Source,
    Channel,
    UtmMedium,
    UtmSource,
    UtmCampaign,
    UtmContent,
    UtmTerm,
    Country,
    Region,
    City,
    Browser,
    BrowserVersion,
    Os,
    OsVersion,
    Device,
    Screen,
    Language,
    // Only in quarantined runs: why the event is set aside.
    Suspicion,
}

/// Stands in [`Column::ScrollDepth`] where an event tells no depth.
pub(crate) const NO_SCROLL_DEPTH: u32 = 255;

impl Column {
    /// Every column, in the order of their numbers.
    pub(crate) const ALL: [Column; 27] = [
        Self::Name,
        Self::Hostname,
        Self::Path,
        Self::Properties,
        Self::Revenue,
        Self::Interactive,
        Self::ScrollDepth,
        Self::EngagedMs,
        Self::Referrer,
        Self::Source,
        Self::Channel,
        Self::UtmMedium,
        Self::UtmSource,
        Self::UtmCampaign,
        Self::UtmContent,
        Self::UtmTerm,
        Self::Country,
        Self::Region,
        Self::City,
        Self::Browser,
        Self::BrowserVersion,
        Self::Os,
        Self::OsVersion,
        Self::Device,
        Self::Screen,
        Self::Language,
        Self::Suspicion,
    ];

    /// Whether its codes are numbers in their own right (`EngagedMs`: milliseconds, 0 for none; `ScrollDepth`:
    /// percent; `Interactive`: 0 or 1) instead of positions in the dictionary.
    pub(crate) const fn is_number(self) -> bool {
        matches!(self, Self::Interactive | Self::ScrollDepth | Self::EngagedMs)
    }
}

/// One column of a run, as narrow as its largest code allows.
#[derive(Clone, Debug)]
pub(crate) enum Codes {
    /// Every row has this code.
    Constant(u32),
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
}

impl Codes {
    /// The codes of rows in order, as narrow as they allow.
    pub(crate) fn narrow(codes: Vec<u32>) -> Self {
        let first = codes.first().copied().unwrap_or_default();
        let all = codes.iter().fold(0, |bits, code| bits | code);
        if codes.iter().all(|code| *code == first) {
            Self::Constant(first)
        } else if all <= u32::from(u8::MAX) {
            Self::U8(codes.into_iter().map(|code| code as u8).collect())
        } else if all <= u32::from(u16::MAX) {
            Self::U16(codes.into_iter().map(|code| code as u16).collect())
        } else {
            Self::U32(codes)
        }
    }

    /// The code of row `row`.
    pub(crate) fn at(&self, row: usize) -> u32 {
        match self {
            Self::Constant(code) => *code,
            Self::U8(codes) => u32::from(codes[row]),
            Self::U16(codes) => u32::from(codes[row]),
            Self::U32(codes) => codes[row],
        }
    }

    /// The codes of some of the rows.
    pub(crate) fn slice(&self, rows: Range<usize>) -> Self {
        match self {
            Self::Constant(code) => Self::Constant(*code),
            Self::U8(codes) => Self::U8(codes[rows].to_vec()),
            Self::U16(codes) => Self::U16(codes[rows].to_vec()),
            Self::U32(codes) => Self::U32(codes[rows].to_vec()),
        }
    }

    /// Bytes it occupies, for the cache's budget.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Constant(_) => 0,
            Self::U8(codes) => codes.len(),
            Self::U16(codes) => codes.len() * 2,
            Self::U32(codes) => codes.len() * 4,
        }
    }
}

/// Who did what when, of one run: what every walk needs, whatever it asks.
///
/// A run spans less than 49 days, so that a time fits 32 bits of milliseconds after `base`.
#[derive(Debug)]
pub(crate) struct Spine {
    /// Distinct visitors in ascending order of [`VisitorKey`].
    pub(crate) visitors: Vec<VisitorKey>,
    /// Where each visitor's rows begin; one more entry than visitors, the last being the number of rows.
    pub(crate) starts: Vec<u32>,
    /// What `times` count from.
    pub(crate) base: Timestamp,
    /// Milliseconds after `base`, a row each.
    pub(crate) times: Vec<u32>,
    /// The largest of them; 0 without rows.
    pub(crate) latest: u32,
    /// Event ids, until they are older than 48 hours.
    pub(crate) ids: Ids,
}

impl Spine {
    /// The visitors in `keys` alone, and which rows are theirs.
    pub(crate) fn slice(&self, keys: &RangeInclusive<VisitorKey>) -> (Self, Range<usize>) {
        let from = self.visitors.partition_point(|visitor| visitor < keys.start());
        let to = self.visitors.partition_point(|visitor| visitor <= keys.end());
        let rows = self.starts[from] as usize..self.starts[to] as usize;
        let times = self.times[rows.clone()].to_vec();
        let spine = Self {
            visitors: self.visitors[from..to].to_vec(),
            starts: self.starts[from..=to].iter().map(|start| start - self.starts[from]).collect(),
            base: self.base,
            latest: latest(&times),
            times,
            ids: self.ids.slice(rows.clone()),
        };
        (spine, rows)
    }

    /// The earliest and the latest time; `None` without rows.
    pub(crate) fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let moment = |time: &u32| Timestamp(self.base.0 + i64::from(*time));
        Some((moment(self.times.iter().min()?), moment(self.times.iter().max()?)))
    }

    /// Whose row `row` is.
    pub(crate) fn visitor_of(&self, row: usize) -> VisitorKey {
        self.visitors[self.starts.partition_point(|start| *start as usize <= row) - 1]
    }

    /// When row `row` happened.
    pub(crate) fn at(&self, row: usize) -> Timestamp {
        Timestamp(self.base.0 + i64::from(self.times[row]))
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.times.len()
    }

    /// Bytes it occupies, for the cache's budget.
    pub(crate) fn bytes(&self) -> usize {
        self.visitors.len() * 16 + self.starts.len() * 4 + self.times.len() * 4 + self.ids.bytes()
    }
}

/// The largest of some times; 0 where there are none.
pub(crate) fn latest(times: &[u32]) -> u32 {
    times.iter().copied().max().unwrap_or_default()
}

/// A view of one run with the columns that were asked for.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) spine: Arc<Spine>,
    pub(crate) columns: Vec<(Column, Arc<Codes>)>,
    /// Runs of one site are in ascending order of arrival: of two rows equal in (visitor, time), the one from
    /// the run with the lower number came first.
    pub(crate) arrival: u64,
}

impl Run {
    /// The codes of `column`, if it was asked for.
    pub(crate) fn column(&self, column: Column) -> Option<&Arc<Codes>> {
        self.columns.iter().find(|(held, _)| *held == column).map(|(_, codes)| codes)
    }

    /// Bytes it occupies.
    pub(crate) fn bytes(&self) -> usize {
        self.spine.bytes() + self.columns.iter().map(|(_, codes)| codes.bytes()).sum::<usize>()
    }
}

/// A visitor's place in the order of rows: the id under a fixed one-to-one scrambling, so that ids made by a
/// clock spread evenly over buckets. A bucket is a prefix of this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct VisitorKey(pub(crate) u128);

/// Odd, so that multiplying by it modulo 2^128 is one-to-one; its bits are those of the golden ratio.
const SCRAMBLE: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
/// `SCRAMBLE * UNSCRAMBLE == 1` modulo 2^128.
const UNSCRAMBLE: u128 = inverse(SCRAMBLE);

/// The inverse of an odd number modulo 2^128, by Newton's iteration: each round doubles the right bits.
const fn inverse(odd: u128) -> u128 {
    let mut guess = odd;
    let mut round = 0;
    while round < 7 {
        guess = guess.wrapping_mul(2_u128.wrapping_sub(odd.wrapping_mul(guess)));
        round += 1;
    }
    guess
}

impl From<VisitorId> for VisitorKey {
    fn from(visitor: VisitorId) -> Self {
        let folded = visitor.as_u128() ^ (visitor.as_u128() >> 64);
        let mixed = folded.wrapping_mul(SCRAMBLE);
        Self((mixed ^ (mixed >> 64)).wrapping_mul(SCRAMBLE))
    }
}

impl From<VisitorKey> for VisitorId {
    fn from(key: VisitorKey) -> Self {
        let mixed = key.0.wrapping_mul(UNSCRAMBLE);
        let folded = (mixed ^ (mixed >> 64)).wrapping_mul(UNSCRAMBLE);
        Self::from_u128(folded ^ (folded >> 64))
    }
}

#[cfg(test)]
mod tests;
