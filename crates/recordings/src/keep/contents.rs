//! What is in a part of a recording: its stretches, in order, and its trace. It lies beside the object in the ledger, and the object's
//! name, to which its seal is bound, ends with its digest: whoever alters it opens nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use domain::{Text, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::chunk::{Checked, hex};
use crate::names::PageId;
use crate::size::Size;

/// The format written here. Newer ones are refused; the first one knew no traces.
const FORMAT: u8 = 2;
const FORMAT_WITHOUT_TRACE: u8 = 1;

/// Events of one page that follow one another, compressed together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stretch {
    pub(crate) page: PageId,
    pub(crate) path: Text,
    /// The chunks they are of: ranges that hold both their ends, in ascending order.
    pub(crate) numbers: Vec<(u32, u32)>,
    /// Whether the page said that it is its last.
    pub(crate) last: bool,
    /// When the first and the last of them happened, as the visitor's clock says.
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// The same as this server believes it: a visitor's clock may run wrong.
    pub(crate) began: i64,
    pub(crate) ended: i64,
    /// Whether it begins with a full snapshot, so that it can be played from here.
    pub(crate) snapshot: bool,
    /// The size of the window that it begins with, if it says so.
    pub(crate) window: Option<(u32, u32)>,
    pub(crate) clicks: u32,
    /// Bytes before they were compressed.
    pub(crate) unpacked: u64,
    /// Where it is in the object; nothing where it holds no event.
    pub(crate) place: Range<u64>,
    /// By which of the part's dictionaries it is compressed.
    pub(crate) dictionary: Option<u32>,
}

/// Where in the object the trace of its recording is, compressed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TracePlace {
    pub(crate) place: Range<u64>,
    /// Bytes before they were compressed.
    pub(crate) unpacked: u64,
}

/// What is in one part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contents {
    pub(crate) stretches: Vec<Stretch>,
    /// The objects in which its dictionaries are.
    pub(crate) dictionaries: Vec<String>,
    /// What the gate says it checked, of all of them together.
    pub(crate) checked: Checked,
    /// What heatmaps know of the recording, where it was put together.
    pub(crate) trace: Option<TracePlace>,
}

/// The same in the first format.
#[derive(Deserialize)]
struct WithoutTrace {
    stretches: Vec<Stretch>,
    dictionaries: Vec<String>,
    checked: Checked,
}

/// What is listed of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// When it began and when it ended.
    pub started_at: Timestamp,
    /// The same.
    pub ended_at: Timestamp,
    /// How many pages.
    pub pages: u32,
    /// How many clicks.
    pub clicks: u32,
    /// Bytes that are kept.
    pub bytes: u64,
    /// How many chunks are missing.
    pub gaps: u32,
}

impl Contents {
    /// As they are kept.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        postcard::to_extend(self, vec![FORMAT]).expect("memory takes every index")
    }

    /// From what was kept; `None` where it is none, or a newer one.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first()? {
            (&FORMAT, rest) => postcard::from_bytes(rest).ok(),
            (&FORMAT_WITHOUT_TRACE, rest) => {
                let WithoutTrace { stretches, dictionaries, checked } = postcard::from_bytes(rest).ok()?;
                Some(Self { stretches, dictionaries, checked, trace: None })
            }
            _ => None,
        }
    }

    /// Bytes of the object that are its stretches and its trace.
    fn bytes(&self) -> u64 {
        let places = self.stretches.iter().map(|stretch| &stretch.place);
        let places = places.chain(self.trace.as_ref().map(|trace| &trace.place));
        places.map(|place| place.end.saturating_sub(place.start)).sum()
    }

    /// Which chunks of which pages are in it.
    pub(crate) fn chunks(&self) -> impl Iterator<Item = (PageId, u32)> {
        self.stretches.iter().flat_map(|stretch| {
            stretch
                .numbers
                .iter()
                .flat_map(|(first, last)| *first..=*last)
                .map(|number| (stretch.page, number))
        })
    }
}

/// What the name of an object ends with whose contents these are.
pub(crate) fn digest(contents: &[u8]) -> String {
    let digest = Sha256::new().chain_update(b"candor recording contents 1").chain_update(contents).finalize();
    hex(&digest[..16])
}

impl Size {
    /// What all parts of a recording come to, of which so many chunks are known.
    pub(crate) fn of(parts: &[Contents], chunks: usize) -> Self {
        let stretches = || parts.iter().flat_map(|part| &part.stretches);
        Self {
            chunks: chunks as u64,
            kept: stretches().map(|stretch| stretch.place.end - stretch.place.start).sum(),
            events: stretches().map(|stretch| stretch.unpacked).sum(),
        }
    }
}

impl Totals {
    /// What all parts of a recording come to; of none it is nothing at the moment `at`.
    pub(crate) fn of(parts: &[Contents], at: Timestamp) -> Self {
        let stretches = || parts.iter().flat_map(|part| &part.stretches);
        let pages: BTreeSet<PageId> = stretches().map(|stretch| stretch.page).collect();
        Self {
            started_at: stretches().map(|stretch| Timestamp(stretch.began)).min().unwrap_or(at),
            ended_at: stretches().map(|stretch| Timestamp(stretch.ended)).max().unwrap_or(at),
            pages: pages.len() as u32,
            clicks: stretches().map(|stretch| stretch.clicks).sum(),
            bytes: parts.iter().map(Contents::bytes).sum(),
            gaps: missing(parts).values().flatten().fold(0, |sum: u32, (first, last)| {
                sum.saturating_add(last.saturating_sub(*first).saturating_add(1))
            }),
        }
    }
}

/// The chunks that are missing of each page, between those that are there and from its first on.
pub(crate) fn missing(parts: &[Contents]) -> BTreeMap<PageId, Vec<(u32, u32)>> {
    let mut ranges: BTreeMap<PageId, Vec<(u32, u32)>> = BTreeMap::new();
    for stretch in parts.iter().flat_map(|part| &part.stretches) {
        ranges.entry(stretch.page).or_default().extend(&stretch.numbers);
    }
    for known in ranges.values_mut() {
        known.sort_unstable();
        let mut next = 0;
        let mut gaps = Vec::new();
        for (first, last) in known.iter() {
            if *first > next {
                gaps.push((next, first - 1));
            }
            next = next.max(last.saturating_add(1));
        }
        *known = gaps;
    }
    ranges.retain(|_, gaps| !gaps.is_empty());
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_of_the_first_format_are_read_and_those_of_a_newer_one_are_none() {
        let mut bytes = Contents::default().to_bytes();
        assert_eq!(Contents::read(&bytes), Some(Contents::default()));
        bytes[0] = FORMAT + 1;
        assert_eq!(Contents::read(&bytes), None);
        // Before there were traces nothing stood behind what was checked.
        bytes[0] = FORMAT_WITHOUT_TRACE;
        bytes.pop();
        assert_eq!(Contents::read(&bytes), Some(Contents::default()));
    }
}
