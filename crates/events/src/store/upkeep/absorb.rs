//! Closed journal files become segments, split by site, time and bucket.

use std::collections::BTreeMap;

use domain::limits::{EVENT_AGE_MAX, EVENT_ID_KEPT};
use domain::{DAY_MS, Event, SiteId, Timestamp};

use super::months::Month;
use super::output::{Shelf, bucket_bits, merge_runs};
use super::{Progress, Upkeep};
use crate::catalog::{Bucket, Change, Kept, Level, Reason, ReasonCount};
use crate::dictionary::Dictionaries;
use crate::journal::{ClosedFile, Frames, HeaderFault, Payload, closed_files, read_header};
use crate::rows::Run;
use crate::store::StoreError;

/// Journal files absorbed at a time, when they are closed and follow one another.
const FILES_MAX: usize = 16;
/// Rows absorbed at a time; the file that reaches it is the last.
const ROWS_AT_ONCE: u64 = 500_000;
/// Events decoded before they are sorted into runs.
const EVENTS_AT_ONCE: usize = 16_384;
/// A month is closed this long after its end: no visitor's event of it is accepted any more.
pub(super) const MONTH_CLOSED_MS: i64 = EVENT_AGE_MAX.as_millis() as i64 + DAY_MS;

/// The events that go to one segment, as sorted runs in order of arrival.
type Parts = BTreeMap<(SiteId, Kept, Level, Timestamp), Vec<Run>>;

/// Events decoded and not yet sorted.
#[derive(Default)]
struct Decoded {
    frames: Vec<(SiteId, Vec<Event>)>,
    count: usize,
}

/// What a batch of journal files adds up to.
#[derive(Default)]
struct Gathered {
    texts: BTreeMap<(SiteId, Kept), Dictionaries>,
    parts: Parts,
    counts: BTreeMap<(SiteId, i64, Reason), u64>,
    rows: u64,
}

impl Upkeep {
    /// Moves the events of some closed journal files into segments, and deletes files that were moved before.
    pub fn absorb(&self) -> Result<Progress, StoreError> {
        let snapshot = self.snapshot()?;
        let numbers = self.disk.journal.numbers()?;
        let (absorbed, waiting): (Vec<u64>, Vec<u64>) =
            numbers.into_iter().partition(|number| snapshot.absorbed.contains(number));
        self.delete_absorbed(&absorbed, &waiting)?;
        let files = following_one_another(closed_files(&self.disk.journal, &waiting)?);
        let (Some(first), Some(_)) = (files.first().map(|file| file.number), files.last()) else {
            return Ok(Progress::Idle);
        };
        let mut gathered = Gathered::default();
        let mut done = Vec::new();
        for mut file in files {
            self.step()?;
            self.gather(&mut file, &mut gathered)?;
            done.push(file.number);
            if gathered.rows >= ROWS_AT_ONCE {
                break;
            }
        }
        let last = done.last().copied().unwrap_or(first);
        let mut change = Change::new(self.now());
        for (key, runs) in &gathered.parts {
            let texts = &gathered.texts[&(key.0, key.1)];
            self.write_parts(*key, runs, texts, (first, last), &mut change)?;
        }
        change.absorb = done;
        change.count = gathered.counts.iter().map(count).collect();
        self.step()?;
        self.catalog.publish(&change)?;
        self.step()?;
        Ok(Progress::Made)
    }

    /// Deletes absorbed files and lets the catalog forget them. The file with the highest number of all stays,
    /// so that its number is never given again.
    fn delete_absorbed(&self, absorbed: &[u64], waiting: &[u64]) -> Result<(), StoreError> {
        let highest = absorbed.iter().chain(waiting).max();
        let mut change = Change::new(self.now());
        for number in absorbed.iter().filter(|number| Some(*number) != highest) {
            self.disk.journal.delete(*number)?;
            change.forget_absorbed.push(*number);
            self.step()?;
        }
        if !change.forget_absorbed.is_empty() {
            self.catalog.publish(&change)?;
        }
        Ok(())
    }

    fn gather(&self, file: &mut ClosedFile, gathered: &mut Gathered) -> Result<(), StoreError> {
        let bytes = file.read()?;
        let (position, mut payloads) = match read_header(&bytes, file.number) {
            Ok(read) => read,
            Err(fault @ HeaderFault::Newer(_)) => {
                return Err(StoreError::Journal(file.number, fault.to_string()));
            }
            Err(fault) => return self.keep_damaged(file.number, &fault.to_string()),
        };
        let mut damaged_at = None;
        let mut decoded = Decoded::default();
        let bytes = &bytes[position.offset as usize..];
        payloads.ask_ahead(Frames::new(bytes, position), self.disk.opener())?;
        let mut frames = Frames::new(bytes, position);
        while let Some(found) = frames.next() {
            match payloads.open(&found, self.disk.opener())? {
                (_, Payload::Gone) => {}
                (Some(site), Payload::Frame(frame)) => {
                    for refused in frame.refused {
                        let key = (site, refused.utc_day, Reason::Refused(refused.refusal));
                        *gathered.counts.entry(key).or_default() += refused.count;
                    }
                    decoded.count += frame.events.len();
                    decoded.frames.push((site, self.without_old_ids(frame.events)));
                }
                _ => damaged_at = damaged_at.or(Some(frames.found_at())),
            }
            if decoded.count >= EVENTS_AT_ONCE {
                self.sort_in(&std::mem::take(&mut decoded), gathered);
            }
        }
        self.sort_in(&decoded, gathered);
        if frames.is_torn() {
            let path = self.disk.journal.path(file.number);
            tracing::warn!(path = %path.display(), "the file ends inside a commit, which was never acknowledged");
        }
        match damaged_at {
            Some(offset) => self.keep_damaged(file.number, &format!("altered at byte {offset}")),
            None => Ok(()),
        }
    }

    /// Moves decoded events, which take much memory, into runs, which take little.
    fn sort_in(&self, decoded: &Decoded, gathered: &mut Gathered) {
        let mut events: BTreeMap<_, Vec<&Event>> = BTreeMap::new();
        for (site, of_site) in &decoded.frames {
            for event in of_site {
                events.entry(self.place(*site, event)).or_default().push(event);
            }
        }
        for (key, events) in events {
            gathered.add(key, &events);
        }
    }

    /// What is good in a damaged file is absorbed, and the file itself is kept under another name.
    fn keep_damaged(&self, number: u64, what: &str) -> Result<(), StoreError> {
        let path = self.disk.journal.keep_damaged(number)?;
        tracing::error!(path = %path.display(), what, "a journal file is damaged; what is damaged is not served");
        Ok(())
    }

    /// Recent days are kept apart, because they still change; closed months are not.
    fn place(&self, site: SiteId, event: &Event) -> (SiteId, Kept, Level, Timestamp) {
        let kept = if event.suspicion.is_some() { Kept::SetAside } else { Kept::Counted };
        let end = Month::of(event.at).end();
        if self.now().since(end) >= MONTH_CLOSED_MS {
            (site, kept, Level::Month, end)
        } else {
            (site, kept, Level::Day, Timestamp((event.at.utc_day() + 1) * DAY_MS))
        }
    }

    /// Events older than any that a visitor may send are imported history: nobody sends them twice by chance.
    fn without_old_ids(&self, mut events: Vec<Event>) -> Vec<Event> {
        let oldest = self.now() - EVENT_AGE_MAX;
        events.iter_mut().filter(|event| event.at < oldest).for_each(|event| event.id = None);
        events
    }

    fn write_parts(
        &self,
        (site, kept, level, _): (SiteId, Kept, Level, Timestamp),
        runs: &[Run],
        texts: &Dictionaries,
        arrival: (u64, u64),
        change: &mut Change,
    ) -> Result<(), StoreError> {
        let runs: Vec<&Run> = runs.iter().collect();
        let rows = runs.iter().map(|run| run.spine.rows() as u64).sum();
        let ids_until = Some(self.now() + EVENT_ID_KEPT);
        for bucket in Bucket::split(bucket_bits(rows)) {
            let merged = merge_runs(&runs, bucket);
            let shelf = Shelf { site, kept, level, bucket, arrival, ids_until };
            change.add.extend(self.write_segment(&merged, texts, shelf)?);
        }
        Ok(())
    }
}

impl Gathered {
    fn add(&mut self, key: (SiteId, Kept, Level, Timestamp), events: &[&Event]) {
        for event in events {
            if let Some(suspicion) = event.suspicion {
                let counted = (key.0, event.at.utc_day(), Reason::SetAside(suspicion));
                *self.counts.entry(counted).or_default() += 1;
            }
        }
        self.rows += events.len() as u64;
        let texts = self.texts.entry((key.0, key.1)).or_insert_with(Dictionaries::new);
        self.parts.entry(key).or_default().push(Run::from_events(events, texts, 0));
    }
}

/// The first of `files` and those whose numbers follow without a gap: a segment's range of arrival holds no file
/// that is absorbed at another time.
fn following_one_another(mut files: Vec<ClosedFile>) -> Vec<ClosedFile> {
    let first = files.first().map_or(0, |file| file.number);
    let run = (first..).zip(&files).take_while(|(number, file)| file.number == *number).count();
    files.truncate(run.min(FILES_MAX));
    files
}

fn count((&(site, utc_day, reason), &count): (&(SiteId, i64, Reason), &u64)) -> ReasonCount {
    ReasonCount { site, utc_day, reason, count }
}
