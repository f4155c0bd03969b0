//! What is kept of some visitors, event by event, for whoever asks what is kept of them. Of another visitor's segments no
//! more is read than who is in those that may hold one of these, once: for each id only the segments that hold it are decoded.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use domain::{Event, SiteId, VisitorId};

use super::super::held::FILES_AT_ONCE;
use super::{Closed, OpenSegment, Part, Store, StoreError, give_slice};
use crate::catalog::Segment;
use crate::rows::VisitorKey;
use crate::segments::{SegmentError, SegmentReader};

/// What is kept of some visitors at one moment, ready to be given, as often as it is wanted.
pub struct Belongings {
    parts: Vec<Part>,
    visitors: BTreeSet<VisitorKey>,
}

impl Store {
    /// Everything that happened under these ids of `site` and is kept now, also what is set aside.
    ///
    /// # Errors
    /// [`StoreError`] where something cannot be read, damage in the journal included.
    pub fn hold_of(&self, site: SiteId, visitors: &[VisitorId]) -> Result<Belongings, StoreError> {
        let visitors: BTreeSet<VisitorKey> = visitors.iter().copied().map(VisitorKey::from).collect();
        let (parts, _) = self.hold_parts(site, |part| part.open_of(self, &visitors))?;
        Ok(Belongings { parts, visitors })
    }
}

impl Closed {
    /// The same, open, of these visitors alone.
    fn open_of(self, store: &Store, visitors: &BTreeSet<VisitorKey>) -> Result<Part, SegmentError> {
        let may_hold = |segment: &Segment| visitors.range(segment.bucket.keys()).next().is_some();
        let wanted: Vec<Segment> = self.segments.into_iter().filter(may_hold).collect();
        let mut segments = Vec::new();
        for some in wanted.chunks(FILES_AT_ONCE) {
            let objects = store.disk.open_segments(&some.iter().collect::<Vec<_>>())?;
            for (segment, object) in some.iter().zip(objects) {
                let reader = SegmentReader::open(object, segment.bytes, segment.footer)?;
                let wanted = those_in(&reader.visitors()?, visitors);
                if !wanted.is_empty() {
                    segments.push(OpenSegment { segment: segment.clone(), reader, wanted: Some(wanted) });
                }
            }
        }
        let mut tail = self.tail;
        tail.retain(|run| !those_in(&run.spine.visitors, visitors).is_empty());
        Ok(Part { segments, tail, texts: self.texts })
    }
}

/// Who of `visitors` is among those present, who are in ascending order.
fn those_in(present: &[VisitorKey], visitors: &BTreeSet<VisitorKey>) -> Vec<VisitorKey> {
    visitors.iter().copied().filter(|visitor| present.binary_search(visitor).is_ok()).collect()
}

impl Belongings {
    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| part.segments.is_empty() && part.tail.is_empty())
    }

    /// Calls `emit` with every event, id by id, in order of time and arrival, each once, and says how many they were. Given
    /// again it is the same.
    ///
    /// # Errors
    /// [`StoreError`] where something cannot be read: what was given until then is not all.
    /// [`StoreError::Stopped`] where `emit` breaks off.
    pub fn give(&self, emit: &mut dyn FnMut(Event) -> ControlFlow<()>) -> Result<u64, StoreError> {
        let mut count = 0;
        for visitor in &self.visitors {
            count += give_slice(&self.parts, &(*visitor..=*visitor), emit)?;
        }
        Ok(count)
    }
}
