//! One journal file, read as far as it is good.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::sync::Arc;

use domain::{DAY_MS, Event, SiteId};
use sealing::Opener;

use super::{TailError, TailRun, Texts};
use crate::catalog::{Kept, Reason, ReasonCount};
use crate::dictionary::Dictionaries;
use crate::journal::{Frame, Frames, Payload, Payloads, Position, read_header};
use crate::rows::{Column, Run, VisitorKey, merge_codes, merge_order};

/// Days that one run may span: fewer than 49.
const RUN_DAYS: i64 = 32;

/// Which runs may be merged with each other.
type Key = (SiteId, Kept, i64);

#[derive(Debug, Default)]
pub(super) struct TailFile {
    /// The file's length and time of change when it was last read.
    seen: (u64, i64, i64),
    /// How far it is read; `None` before its header is.
    position: Option<Position>,
    /// What opens the payloads from there on.
    payloads: Option<Payloads>,
    /// How many events were read: the next one's place in the order of arrival.
    events: u64,
    runs: BTreeMap<Key, Vec<TailRun>>,
    counts: BTreeMap<(SiteId, i64, Reason), u64>,
    damage_told: bool,
    /// Sealed frames that were opened and not yet counted.
    frames_opened: u64,
}

impl TailFile {
    /// Reads what was added to the file at `path` since the last time.
    pub(super) fn read_on(
        &mut self,
        path: &Path,
        number: u64,
        opener: &dyn Opener,
        texts: &mut Texts,
    ) -> Result<(), TailError> {
        let metadata = std::fs::metadata(path)?;
        let seen = (metadata.len(), metadata.mtime(), metadata.mtime_nsec());
        if seen == self.seen {
            return Ok(());
        }
        let file = File::open(path)?;
        let from = self.position.map_or(0, |position| position.offset);
        if metadata.len() < from || !self.read_from(&file, path, number, opener, texts)? {
            // A commit that failed was cut off again and written over: what was read of it does not count.
            *self =
                Self { damage_told: self.damage_told, frames_opened: self.frames_opened, ..Self::default() };
            self.read_from(&file, path, number, opener, texts)?;
        }
        self.seen = seen;
        Ok(())
    }

    /// Reads to the end; whether what follows fits what was read before.
    fn read_from(
        &mut self,
        file: &File,
        path: &Path,
        number: u64,
        opener: &dyn Opener,
        texts: &mut Texts,
    ) -> Result<bool, TailError> {
        let from = self.position.map_or(0, |position| position.offset);
        let bytes = read_to_end(file, from)?;
        let read_before = self.position.is_some();
        let (position, mut payloads, bytes) = match (self.position, self.payloads.take()) {
            (Some(position), Some(payloads)) => (position, payloads, &bytes[..]),
            _ => match read_header(&bytes, number) {
                Ok((position, payloads)) => (position, payloads, &bytes[position.offset as usize..]),
                Err(fault) => {
                    self.tell_damage(path, &fault.to_string());
                    return Ok(true);
                }
            },
        };
        payloads.ask_ahead(Frames::new(bytes, position), opener)?;
        let mut frames = Frames::new(bytes, position);
        let mut events: BTreeMap<Key, Vec<Event>> = BTreeMap::new();
        while let Some(found) = frames.next() {
            self.frames_opened += u64::from(payloads.are_sealed());
            match payloads.open(&found, opener)? {
                (_, Payload::Gone) => {}
                (Some(site), Payload::Frame(frame)) => self.take(site, frame, &mut events),
                _ if read_before => return Ok(false),
                _ => self.tell_damage(path, &format!("altered at byte {}", frames.found_at())),
            }
        }
        self.position = Some(frames.position());
        self.payloads = Some(payloads);
        for (key, events) in events {
            let texts = texts.entry((key.0, key.1)).or_insert_with(|| Arc::new(Dictionaries::new()));
            self.add(key, &events, number, texts);
        }
        Ok(true)
    }

    fn take(&mut self, site: SiteId, frame: Frame, events: &mut BTreeMap<Key, Vec<Event>>) {
        for refused in frame.refused {
            self.count(site, refused.utc_day, Reason::Refused(refused.refusal), refused.count);
        }
        for event in frame.events {
            let kept = self.judge(site, &event);
            let days = event.at.0.div_euclid(RUN_DAYS * DAY_MS);
            events.entry((site, kept, days)).or_default().push(event);
        }
    }

    fn judge(&mut self, site: SiteId, event: &Event) -> Kept {
        match event.suspicion {
            None => Kept::Counted,
            Some(suspicion) => {
                self.count(site, event.at.utc_day(), Reason::SetAside(suspicion), 1);
                Kept::SetAside
            }
        }
    }

    fn count(&mut self, site: SiteId, utc_day: i64, reason: Reason, count: u64) {
        *self.counts.entry((site, utc_day, reason)).or_default() += count;
    }

    fn add(&mut self, key: Key, events: &[Event], number: u64, texts: &Dictionaries) {
        let arrival = number << 32 | self.events;
        self.events += events.len() as u64;
        let run = Run::from_events(events, texts, arrival);
        let Some((first, last)) = run.spine.span() else { return };
        let runs = self.runs.entry(key).or_default();
        runs.push(TailRun { run, first, last });
        while let [.., below, above] = &runs[..]
            && below.run.spine.rows() <= 2 * above.run.spine.rows()
        {
            let merged = merged(below, above);
            runs.truncate(runs.len() - 2);
            runs.push(merged);
        }
    }

    /// How many sealed frames were opened since this was last asked.
    pub(super) fn take_frames_opened(&mut self) -> u64 {
        std::mem::take(&mut self.frames_opened)
    }

    fn tell_damage(&mut self, path: &Path, what: &str) {
        if !std::mem::replace(&mut self.damage_told, true) {
            tracing::error!(path = %path.display(), what, "a journal file is damaged; what is damaged is not served");
        }
    }

    /// Whether something of it was found damaged.
    pub(super) fn is_damaged(&self) -> bool {
        self.damage_told
    }

    pub(super) fn runs(&self, site: SiteId, kept: Kept) -> impl Iterator<Item = &TailRun> {
        self.runs.range((site, kept, i64::MIN)..=(site, kept, i64::MAX)).flat_map(|(_, runs)| runs)
    }

    pub(super) fn counts(&self, site: SiteId) -> impl Iterator<Item = ReasonCount> {
        let of_site = self.counts.iter().filter(move |((of, ..), _)| *of == site);
        of_site.map(|(&(site, utc_day, reason), &count)| ReasonCount { site, utc_day, reason, count })
    }
}

/// Two runs, the older one below, as one.
fn merged(below: &TailRun, above: &TailRun) -> TailRun {
    let everyone = VisitorKey(0)..=VisitorKey(u128::MAX);
    let spines = [&*below.run.spine, &*above.run.spine];
    let order = merge_order(&spines, &everyone);
    let column = |column: Column| {
        let codes =
            [below, above].map(|part| part.run.column(column).expect("a run of the tail has every column"));
        (column, Arc::new(merge_codes(&codes.map(|codes| &**codes), &order.from)))
    };
    TailRun {
        run: Run {
            spine: Arc::new(order.spine(&spines)),
            columns: Column::ALL.into_iter().map(column).collect(),
            arrival: below.run.arrival,
        },
        first: below.first.min(above.first),
        last: below.last.max(above.last),
    }
}

fn read_to_end(file: &File, from: u64) -> io::Result<Vec<u8>> {
    let length = file.metadata()?.len().saturating_sub(from);
    let mut bytes = vec![0; length as usize];
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read_at(&mut bytes[filled..], from + filled as u64)? {
            0 => break,
            count => filled += count,
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}
