//! Every event of a site, or of some of its visitors, opened, for whoever takes them elsewhere.
//!
//! A moment is held: every file that is needed is open before the first event is given, so that what is merged or
//! deleted meanwhile changes nothing. Rows are decoded for a slice of the visitors at a time, so that memory does
//! not grow with the site; each slice reads again the segments that hold some of its visitors. Nothing that cannot be
//! read is left out: the export fails.

mod belongings;

use std::io::ErrorKind;
use std::ops::{ControlFlow, RangeInclusive};
use std::sync::Arc;

use domain::{Event, SiteId, Timestamp, VisitorId};
use sealing::{Object, ReadError};

use super::{ATTEMPTS_MAX, Store, StoreError};
use crate::aliases::Moves;
use crate::catalog::{Bucket, Kept, Segment};
use crate::dictionary::Dictionaries;
use crate::rows::{Codes, Column, Run, Spine, VisitorKey, merge_order, read_event};
use crate::segments::{SegmentError, SegmentReader};

pub use belongings::Belongings;

/// Rows that are decoded at once, about. A single visitor with more is still given whole.
const ROWS_AT_ONCE: u64 = 200_000;

/// What is kept of a site at one moment, ready to be given.
pub struct Export {
    parts: Vec<Part>,
    /// As whom visitors are counted.
    moves: Arc<Moves>,
    rows_at_once: u64,
}

/// The events of one kind: those that count, or those set aside.
struct Part {
    segments: Vec<OpenSegment>,
    tail: Vec<Run>,
    /// The texts behind the tail's codes.
    texts: Arc<Dictionaries>,
}

/// A segment that is open.
struct OpenSegment {
    segment: Segment,
    reader: SegmentReader,
    /// Who of those that are wanted is in it, where not everybody is.
    wanted: Option<Vec<VisitorKey>>,
}

/// The rows of one part for some visitors, in order, and how many were given.
struct Slice {
    runs: Vec<(Run, Arc<Dictionaries>)>,
    from: Vec<(u32, u32)>,
    given: usize,
}

impl Store {
    /// Everything that is kept of `site` now, also what is set aside.
    ///
    /// # Errors
    /// [`StoreError`] where something cannot be read, damage in the journal included.
    pub fn hold(&self, site: SiteId) -> Result<Export, StoreError> {
        let (parts, moves) = self.hold_parts(site, |part| part.open(self))?;
        Ok(Export { parts, moves, rows_at_once: ROWS_AT_ONCE })
    }

    /// What `open` opens of what there is of `site`, of one moment, and as whom visitors are counted.
    fn hold_parts(
        &self,
        site: SiteId,
        open: impl Fn(Closed) -> Result<Part, SegmentError>,
    ) -> Result<(Vec<Part>, Arc<Moves>), StoreError> {
        for _ in 0..ATTEMPTS_MAX {
            let (parts, moves, version) = self.parts(site)?;
            let opened = parts.into_iter().map(&open).collect::<Result<_, _>>();
            match opened {
                Ok(parts) => return Ok((parts, moves)),
                // Merged and collected since the catalog was asked.
                Err(SegmentError::Object(ReadError::Store { error, .. }))
                    if error.kind() == ErrorKind::NotFound =>
                {
                    if self.shared.catalog.version()? == version {
                        return Err(StoreError::Disk(error));
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Unsteady)
    }

    /// What there is of `site`, of one moment, as whom visitors are counted, and the catalog's version at it.
    fn parts(&self, site: SiteId) -> Result<(Vec<Closed>, Arc<Moves>, u64), StoreError> {
        let mut state = self.follow(site)?;
        if let Some(path) = self.disk.journal.damaged()? {
            return Err(StoreError::PutAside(path));
        }
        if let Some(number) = state.damaged(site) {
            let what = "it is damaged, and what is damaged cannot be exported".to_owned();
            return Err(StoreError::Journal(number, what));
        }
        let mut part = |kept| Closed {
            segments: state.segments(site, kept).cloned().collect(),
            tail: state.waiting(site, kept).map(|waiting| waiting.run.clone()).collect(),
            texts: state.texts(site, kept),
        };
        let parts = [Kept::Counted, Kept::SetAside].map(&mut part).into();
        Ok((parts, state.moves(site).1, state.snapshot.version))
    }
}

/// A part whose files are not open yet.
struct Closed {
    segments: Vec<Segment>,
    tail: Vec<Run>,
    texts: Arc<Dictionaries>,
}

impl Closed {
    fn open(self, store: &Store) -> Result<Part, SegmentError> {
        let objects = store.disk.open_segments(&self.segments.iter().collect::<Vec<_>>())?;
        let open = |(segment, object): (Segment, Object)| {
            let reader = SegmentReader::open(object, segment.bytes, segment.footer)?;
            Ok(OpenSegment { segment, reader, wanted: None })
        };
        let segments =
            self.segments.into_iter().zip(objects).map(open).collect::<Result<_, SegmentError>>()?;
        Ok(Part { segments, tail: self.tail, texts: self.texts })
    }
}

impl Export {
    /// Calls `emit` with every event, in order of (visitor, time, arrival), each once, and says how many they were. Each has
    /// the id it came with; where that is counted as another visitor's, who that is comes with it. Restricted visitors' are
    /// among them.
    ///
    /// # Errors
    /// [`StoreError`] where something cannot be read: what was given until then is not all.
    /// [`StoreError::Stopped`] where `emit` breaks off.
    pub fn give(
        self,
        emit: &mut dyn FnMut(Event, Option<VisitorId>) -> ControlFlow<()>,
    ) -> Result<u64, StoreError> {
        let mut count = 0;
        for bucket in Bucket::split(self.bits()) {
            count += give_slice(&self.parts, &bucket.keys(), &mut |event| {
                let who = self.moves.leads_to(event.visitor.into()).map(VisitorId::from);
                emit(event, who)
            })?;
        }
        Ok(count)
    }

    /// The same, decoding about so many rows at once.
    #[cfg(test)]
    pub(crate) fn in_slices_of(self, rows_at_once: u64) -> Self {
        Self { rows_at_once, ..self }
    }

    /// How many bits of their keys the visitors of one slice share.
    fn bits(&self) -> u8 {
        let rows: u64 = self.parts.iter().map(Part::rows).sum();
        (0..20).find(|bits| rows >> bits <= self.rows_at_once).unwrap_or(20)
    }
}

/// Calls `emit` with every event of the visitors in `keys`, and says how many they were.
fn give_slice(
    parts: &[Part],
    keys: &RangeInclusive<VisitorKey>,
    emit: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<u64, StoreError> {
    let mut slices: Vec<Slice> = parts.iter().map(|part| part.slice(keys)).collect::<Result<_, _>>()?;
    let mut count = 0;
    while let Some(slice) =
        slices.iter_mut().filter(|slice| slice.next().is_some()).min_by_key(|slice| slice.next())
    {
        count += 1;
        if emit(slice.take()).is_break() {
            return Err(StoreError::Stopped);
        }
    }
    Ok(count)
}

impl Part {
    fn rows(&self) -> u64 {
        let segments = self.segments.iter().map(|open| u64::from(open.segment.rows)).sum::<u64>();
        segments + self.tail.iter().map(|run| run.spine.rows() as u64).sum::<u64>()
    }

    /// Decodes the rows of the visitors in `keys`, a column at a time.
    fn slice(&self, keys: &RangeInclusive<VisitorKey>) -> Result<Slice, StoreError> {
        let texts = Arc::new(Dictionaries::new());
        let mut runs = Vec::new();
        for OpenSegment { segment, reader, .. } in self.segments.iter().filter(|open| open.may_hold(keys)) {
            let (spine, rows) = reader.spine()?.slice(keys);
            let mut columns = Vec::with_capacity(Column::ALL.len());
            for column in Column::ALL.into_iter().filter(|_| !rows.is_empty()) {
                let read = reader.columns(&[column], &texts)?;
                let sliced =
                    |(column, codes): (Column, Arc<Codes>)| (column, Arc::new(codes.slice(rows.clone())));
                columns.extend(read.into_iter().map(sliced));
            }
            let run = Run { spine: Arc::new(spine), columns, arrival: segment.arrival.0 << 32 };
            runs.push((run, texts.clone()));
        }
        runs.extend(self.tail.iter().map(|run| (run.clone(), self.texts.clone())));
        runs.sort_by_key(|(run, _)| run.arrival);
        let spines: Vec<&Spine> = runs.iter().map(|(run, _)| &*run.spine).collect();
        let from = merge_order(&spines, keys).from;
        Ok(Slice { runs, from, given: 0 })
    }
}

impl OpenSegment {
    /// Whether a visitor with one of these keys may be in it.
    fn may_hold(&self, keys: &RangeInclusive<VisitorKey>) -> bool {
        let is_wanted = |wanted: &Vec<VisitorKey>| wanted.iter().any(|key| keys.contains(key));
        self.segment.bucket.holds_some_of(keys) && self.wanted.as_ref().is_none_or(is_wanted)
    }
}

impl Slice {
    /// Whose the next event is, and when it happened.
    fn next(&self) -> Option<(VisitorKey, Timestamp)> {
        let (run, row) = *self.from.get(self.given)?;
        let spine = &self.runs[run as usize].0.spine;
        Some((spine.visitor_of(row as usize), spine.at(row as usize)))
    }

    fn take(&mut self) -> Event {
        let (run, row) = self.from[self.given];
        self.given += 1;
        let (run, texts) = &self.runs[run as usize];
        read_event(run, texts, row as usize)
    }
}
