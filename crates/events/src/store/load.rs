//! A view is put together: what is held, what must be decoded, and the tail as it was at that moment.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use domain::SiteId;
use sealing::Object;

use super::state::State;
use super::{Store, View};
use crate::aliases::{Moved, Moves};
use crate::catalog::{Bucket, Kept, Segment};
use crate::dictionary::Dictionaries;
use crate::query::Range;
use crate::rows::{Codes, Column, Run, Spine};
use crate::segments::{SegmentError, SegmentReader};
use crate::tail::TailRun;

/// Segments whose files are open at a time, and whose keys are asked for in one question.
const FILES_AT_ONCE: usize = sealing::protocol::WANTED_MAX;

/// A view whose segments are not all decoded yet.
pub(super) struct Begun {
    site: SiteId,
    kept: Kept,
    whose: Bucket,
    /// The version of the catalog it is of.
    pub(super) version: u64,
    dictionaries: Arc<Dictionaries>,
    /// As whom visitors are counted, and of which version that is.
    moves: (u64, Arc<Moves>),
    parts: Vec<Part>,
    tail: Vec<TailRun>,
    earlier: bool,
    later: bool,
}

/// For each segment of a view, its spine and columns.
pub(super) type Loaded = Vec<(Arc<Spine>, Vec<(Column, Arc<Codes>)>)>;

/// What a view takes from one segment.
#[derive(Clone)]
struct Part {
    segment: Segment,
    spine: Option<Arc<Spine>>,
    columns: Vec<(Column, Option<Arc<Codes>>)>,
    /// Who is not counted as themselves, where that was found out before.
    moved: Option<Arc<Moved>>,
}

impl Part {
    fn is_whole(&self) -> bool {
        self.spine.is_some() && self.columns.iter().all(|(_, codes)| codes.is_some())
    }
}

impl Begun {
    /// Finds out of each segment who is not counted as themselves, where somebody is not.
    fn find_moved(&mut self, loaded: &Loaded) {
        let moves = &self.moves.1;
        for (part, (spine, _)) in self.parts.iter_mut().zip(loaded).filter(|_| !moves.is_empty()) {
            part.moved.get_or_insert_with(|| Arc::new(moves.in_run(spine)));
        }
    }
}

impl State {
    pub(super) fn begin_view(
        &mut self,
        site: SiteId,
        range: Range,
        columns: &[Column],
        kept: Kept,
        whose: Bucket,
    ) -> Begun {
        let live: Vec<Segment> = self.segments(site, kept).cloned().collect();
        let tail: Vec<TailRun> = self.waiting(site, kept).cloned().collect();
        let earlier = live.iter().map(|segment| segment.last).chain(tail.iter().map(|run| run.last));
        let later = live.iter().map(|segment| segment.first).chain(tail.iter().map(|run| run.first));
        let (earlier, later) = (
            earlier.into_iter().any(|last| last < range.start),
            later.into_iter().any(|first| first >= range.end),
        );
        let dictionaries = self.texts(site, kept);
        let moves = self.moves(site);
        let version = moves.0;
        let cache = &mut self.cache;
        let part = |segment: Segment| Part {
            spine: cache.spine(segment.id),
            columns: columns.iter().map(|column| (*column, cache.column(segment.id, *column))).collect(),
            moved: (version != 0).then(|| cache.moved(segment.id, version)).flatten(),
            segment,
        };
        let meets = |segment: &Segment| {
            segment.first < range.end && segment.last >= range.start && segment.bucket.meets(whose)
        };
        Begun {
            site,
            kept,
            whose,
            version: self.snapshot.version,
            dictionaries,
            moves,
            parts: live.into_iter().filter(meets).map(part).collect(),
            tail: tail.into_iter().filter(|run| run.first < range.end && run.last >= range.start).collect(),
            earlier,
            later,
        }
    }
}

impl State {
    fn hold(&mut self, begun: &Begun, loaded: &Loaded) {
        for (part, (spine, columns)) in begun.parts.iter().zip(loaded) {
            let id = part.segment.id;
            if self.snapshot.segments.iter().any(|segment| segment.id == id) {
                self.cache.hold_spine(id, spine.clone());
                columns.iter().for_each(|(column, codes)| self.cache.hold_column(id, *column, codes.clone()));
                if let Some(moved) = &part.moved {
                    self.cache.hold_moved(id, begun.moves.0, moved.clone());
                }
            }
        }
        self.shrink(begun.site);
    }
}

impl Store {
    /// Decodes what `begun` lacks.
    pub(super) fn load(&self, begun: &Begun) -> Result<Loaded, SegmentError> {
        let mut parts = begun.parts.clone();
        if !parts.iter().all(Part::is_whole) {
            let _alone = self.shared.loading.lock().unwrap_or_else(PoisonError::into_inner);
            self.take_held(begun, &mut parts);
            self.decode(begun, &mut parts)?;
        }
        let whole = |part: Part| {
            let columns = part.columns.into_iter().filter_map(|(column, codes)| Some((column, codes?)));
            Some((part.spine?, columns.collect()))
        };
        Ok(parts.into_iter().filter_map(whole).collect())
    }

    /// Takes what another report decoded while this one waited.
    fn take_held(&self, begun: &Begun, parts: &mut [Part]) {
        let mut state = self.lock();
        if !state.speaks(begun.site, begun.kept, &begun.dictionaries) {
            return;
        }
        for part in parts {
            let id = part.segment.id;
            part.spine = part.spine.take().or_else(|| state.cache.spine(id));
            for (column, codes) in &mut part.columns {
                *codes = codes.take().or_else(|| state.cache.column(id, *column));
            }
        }
    }

    fn decode(&self, begun: &Begun, parts: &mut [Part]) -> Result<(), SegmentError> {
        let mut lacking: Vec<&mut Part> = parts.iter_mut().filter(|part| !part.is_whole()).collect();
        for some in lacking.chunks_mut(FILES_AT_ONCE) {
            self.decode_some(begun, some)?;
        }
        Ok(())
    }

    /// Opens all these segments, and decodes them on all threads, one at a time each.
    fn decode_some(&self, begun: &Begun, parts: &mut [&mut Part]) -> Result<(), SegmentError> {
        let segments: Vec<&Segment> = parts.iter().map(|part| &part.segment).collect();
        let objects = self.disk.open_segments(&segments)?;
        let threads = self.shared.threads.min(parts.len());
        let waiting = Mutex::new(parts.iter_mut().zip(objects));
        let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
        let work = || {
            while let Some((part, object)) = next() {
                self.decode_part(part, object, &begun.dictionaries)?;
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let helpers: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut outcome = work();
            for helper in helpers {
                outcome = outcome.and(helper.join().expect("decoding does not panic"));
            }
            outcome
        })
    }

    fn decode_part(
        &self,
        part: &mut Part,
        object: Object,
        dictionaries: &Dictionaries,
    ) -> Result<(), SegmentError> {
        let reader = SegmentReader::open(object, part.segment.bytes, part.segment.footer)?;
        self.shared.rows_decoded.fetch_add(u64::from(part.segment.rows), Ordering::Relaxed);
        if part.spine.is_none() {
            part.spine = Some(Arc::new(reader.spine()?));
        }
        let missing: Vec<Column> =
            part.columns.iter().filter(|(_, codes)| codes.is_none()).map(|(column, _)| *column).collect();
        let mut read = reader.columns(&missing, dictionaries)?.into_iter();
        for (_, codes) in part.columns.iter_mut().filter(|(_, codes)| codes.is_none()) {
            *codes = read.next().map(|(_, codes)| codes);
        }
        Ok(())
    }

    /// Holds what was decoded for the next report, and puts the view together.
    pub(super) fn finish_view(&self, mut begun: Begun, loaded: Loaded) -> View {
        begun.find_moved(&loaded);
        let mut state = self.lock();
        if state.speaks(begun.site, begun.kept, &begun.dictionaries) {
            state.hold(&begun, &loaded);
        }
        drop(state);
        let moves = begun.moves.1;
        let segments = begun.parts.into_iter().zip(loaded).map(|(part, (spine, columns))| {
            (Run { spine, columns, arrival: part.segment.arrival.0 << 32 }, part.moved)
        });
        let tail = begun.tail.into_iter().map(|TailRun { run, .. }| {
            let moved = (!moves.is_empty()).then(|| Arc::new(moves.in_run(&run.spine)));
            (run, moved)
        });
        let mut runs: Vec<(Run, Option<Arc<Moved>>)> = segments.chain(tail).collect();
        runs.sort_by_key(|(run, _)| run.arrival);
        let (runs, moved): (_, Vec<_>) = runs.into_iter().unzip();
        let moved = moved.into_iter().flatten().collect();
        let Begun { dictionaries, earlier, later, whose, .. } = begun;
        View { runs, keys: whose.keys(), moves, moved, dictionaries, earlier, later }
    }
}
