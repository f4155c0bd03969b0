//! The list of live segments, and what else must change in one transaction with it.
//!
//! Whoever keeps the list implements [`Catalog`]; nothing here knows how. A segment that is not in the catalog is
//! not served, whatever lies on the disk; one that is in it is complete and durable.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use domain::{Erased, Refusal, SiteId, Suspicion, Timestamp};
use serde::{Deserialize, Serialize};

use crate::aliases::Aliases;
use crate::rows::VisitorKey;

#[cfg(test)]
pub(crate) mod in_memory;

/// The name of a segment: random, never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SegmentId(pub u128);

impl fmt::Display for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for SegmentId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u128::from_str_radix(text, 16).map(Self)
    }
}

/// Whether events are counted in reports or only shown as set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kept {
    /// In every report.
    Counted,
    /// In no report: suspected to be no visitor's.
    SetAside,
}

/// How much time a segment may cover, and thereby how often it has been merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Level {
    /// One UTC day.
    Day,
    /// One UTC month.
    Month,
}

/// Bits that a bucket's visitors may share at most.
pub const BUCKET_BITS_MAX: u8 = 20;

/// Visitors whose key begins with the same bits. Shown and read as these bits, such as `011`; all visitors as nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Bucket {
    /// How many bits are the same; 0 for all visitors.
    pub(crate) bits: u8,
    /// These bits.
    pub(crate) prefix: u32,
}

impl Bucket {
    /// All visitors.
    pub const ALL: Self = Self { bits: 0, prefix: 0 };

    /// The buckets that share all visitors among them, `2^bits` of them.
    pub fn split(bits: u8) -> impl ExactSizeIterator<Item = Bucket> {
        (0..1_u32 << bits).map(move |prefix| Bucket { bits, prefix })
    }

    /// The keys in it.
    pub(crate) fn keys(self) -> std::ops::RangeInclusive<VisitorKey> {
        if self.bits == 0 {
            return VisitorKey(0)..=VisitorKey(u128::MAX);
        }
        let shift = 128 - u32::from(self.bits);
        let first = u128::from(self.prefix) << shift;
        VisitorKey(first)..=VisitorKey(first | ((1 << shift) - 1))
    }

    /// Whether some visitor may be in both.
    pub(crate) fn meets(self, other: Bucket) -> bool {
        self.holds_some_of(&other.keys())
    }

    /// Whether a visitor with one of these keys may be in it.
    pub(crate) fn holds_some_of(self, keys: &std::ops::RangeInclusive<VisitorKey>) -> bool {
        self.keys().start() <= keys.end() && keys.start() <= self.keys().end()
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (0..self.bits).rev().try_for_each(|bit| write!(f, "{}", self.prefix >> bit & 1))
    }
}

/// A text is no beginning of a visitor's key in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not made of up to {BUCKET_BITS_MAX} zeros and ones")]
pub struct BucketError;

impl FromStr for Bucket {
    type Err = BucketError;

    fn from_str(text: &str) -> Result<Self, BucketError> {
        let bits =
            u8::try_from(text.len()).ok().filter(|bits| *bits <= BUCKET_BITS_MAX).ok_or(BucketError)?;
        text.bytes()
            .try_fold(0, |prefix, byte| match byte {
                b'0' | b'1' => Some(prefix << 1 | u32::from(byte == b'1')),
                _ => None,
            })
            .map(|prefix| Self { bits, prefix })
            .ok_or(BucketError)
    }
}

/// A live segment: one file of one site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Its name.
    pub id: SegmentId,
    /// Whose events it holds.
    pub site: SiteId,
    pub(crate) kept: Kept,
    pub(crate) level: Level,
    pub(crate) bucket: Bucket,
    pub(crate) rows: u32,
    /// The earliest and the latest event.
    pub(crate) first: Timestamp,
    pub(crate) last: Timestamp,
    /// The journal files its events came from, as a range that no other segment with such times shares.
    pub(crate) arrival: (u64, u64),
    /// Until when the ids of its events are of use; `None` when it holds none.
    pub(crate) ids_until: Option<Timestamp>,
    /// When it was made.
    pub(crate) made_at: Timestamp,
    pub(crate) bytes: u64,
    /// Bytes of its texts in memory.
    pub(crate) text_bytes: u64,
    /// The CRC-32 of the file's footer.
    pub(crate) footer: u32,
}

/// Why a description could not be read.
#[derive(Debug, thiserror::Error)]
#[error("a segment's description in the catalog cannot be read")]
pub struct DescriptionError(#[from] postcard::Error);

impl Segment {
    /// How the catalog keeps it: opaque to everyone else.
    pub fn description(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("memory takes a description")
    }

    /// The segment that a catalog kept.
    pub fn from_description(description: &[u8]) -> Result<Self, DescriptionError> {
        Ok(postcard::from_bytes(description)?)
    }
}

/// Why an event that arrived is in no report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// It was not kept.
    Refused(Refusal),
    /// It was kept, but set aside.
    SetAside(Suspicion),
}

impl Reason {
    /// The machine words of the outcome and of the reason.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Refused(refusal) => ("refused", refusal.as_str()),
            Self::SetAside(suspicion) => ("set_aside", suspicion.as_str()),
        }
    }

    /// The reason behind two machine words.
    pub fn from_words(outcome: &str, reason: &str) -> Option<Self> {
        match outcome {
            "refused" => Refusal::from_word(reason).map(Self::Refused),
            "set_aside" => Suspicion::from_word(reason).map(Self::SetAside),
            _ => None,
        }
    }
}

/// How many events of a site and a UTC day are in no report for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReasonCount {
    /// The site; 0 where no site has the domain.
    pub site: SiteId,
    /// Days since 1970.
    pub utc_day: i64,
    /// Why.
    pub reason: Reason,
    /// How many.
    pub count: u64,
}

/// The catalog at one moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Grows with every change.
    pub version: u64,
    /// All live segments.
    pub segments: Vec<Segment>,
    /// Numbers of journal files whose events are in segments, as long as the files may still be there.
    pub absorbed: BTreeSet<u64>,
    /// Segments that were replaced, and when: their files are deleted when no reader can want them any more.
    pub replaced: Vec<(SegmentId, SiteId, Timestamp)>,
    /// Of each site of whose visitors something was said, the version of it.
    pub aliases: BTreeMap<SiteId, u64>,
}

impl Snapshot {
    /// Bytes of all live segments' files.
    pub fn bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.bytes).sum()
    }
}

/// What changes in one transaction.
#[derive(Clone, Debug)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// Segments that become live.
    pub add: Vec<Segment>,
    /// Live segments that become replaced. If one of them is not live, nothing of the change happens.
    pub replace: Vec<SegmentId>,
    /// Journal files whose events are now in segments. If one of them already is absorbed, nothing happens.
    pub absorb: Vec<u64>,
    /// To be added to the counts.
    pub count: Vec<ReasonCount>,
    /// Absorbed journal files that are deleted, and need not be remembered.
    pub forget_absorbed: Vec<u64>,
    /// Replaced segments whose files are deleted, and need not be remembered.
    pub forget_replaced: Vec<SegmentId>,
    /// What this change takes out for an erasure, by its number: remembered with it, or not at all.
    pub erased: Option<(u64, Erased)>,
    /// Sites whose counts of the UTC days before this one go.
    pub forget_counts: Vec<(SiteId, i64)>,
}

impl Change {
    /// A change at the moment `at` that changes nothing yet.
    pub(crate) fn new(at: Timestamp) -> Self {
        Self {
            at,
            add: vec![],
            replace: vec![],
            absorb: vec![],
            count: vec![],
            forget_absorbed: vec![],
            forget_replaced: vec![],
            erased: None,
            forget_counts: vec![],
        }
    }
}

/// Why the catalog did not answer or did not change.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// A segment to replace is not live, or a journal file is absorbed already: somebody else was faster.
    #[error("the catalog has changed in between")]
    Conflict,
    /// It cannot be reached or read.
    #[error("the catalog does not answer")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Keeps the list of live segments, durable when a call returns.
pub trait Catalog: Send + Sync {
    /// The number of the newest change; cheap, asked for with every report.
    fn version(&self) -> Result<u64, CatalogError>;

    /// Everything, of one moment.
    fn snapshot(&self) -> Result<Snapshot, CatalogError>;

    /// What was said of the visitors of `site`. Its version changes with that of the catalog, and is in every snapshot.
    fn aliases(&self, site: SiteId) -> Result<Aliases, CatalogError>;

    /// Applies `change` whole or not at all.
    fn publish(&self, change: &Change) -> Result<(), CatalogError>;

    /// Whether there is such a site; one that was removed is none.
    fn has_site(&self, site: SiteId) -> Result<bool, CatalogError>;

    /// The counts of `site` from the UTC day `since` on.
    fn counts(&self, site: SiteId, since: i64) -> Result<Vec<ReasonCount>, CatalogError>;
}
