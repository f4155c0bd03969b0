//! What a site has in one journal file, read as far as it is good.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::sync::Arc;

use domain::{DAY_MS, Event, SiteId};

use super::{Reading, TailError, TailRun, Texts};
use crate::catalog::{Kept, Reason, ReasonCount};
use crate::dictionary::Dictionaries;
use crate::journal::{Frame, Frames, Payload, Payloads, Position, read_header};
use crate::rows::{Column, Run, VisitorKey, merge_codes, merge_order};

/// Days that one run may span: fewer than 49.
const RUN_DAYS: i64 = 32;

/// Which runs may be merged with each other.
type Key = (Kept, i64);

#[derive(Debug, Default)]
pub(super) struct TailFile {
    /// The file's length and time of change when it was last read to its end.
    seen: (u64, i64, i64),
    /// `None` before its header is read.
    begun: Option<Begun>,
    /// How many events were read: the next one's place in the order of arrival.
    events: u64,
    runs: BTreeMap<Key, Vec<TailRun>>,
    counts: BTreeMap<(i64, Reason), u64>,
    damaged: bool,
}

/// How far a file is read, and what opens the payloads from there on.
#[derive(Debug)]
struct Begun {
    position: Position,
    payloads: Payloads,
}

/// What was read and is not part of the tail yet.
#[derive(Default)]
struct Gathered {
    events: BTreeMap<Key, Vec<Event>>,
    counts: BTreeMap<(i64, Reason), u64>,
}

impl TailFile {
    /// Reads what was added to the file since the last time.
    pub(super) fn read_on(&mut self, number: u64, reading: &mut Reading<'_>) -> Result<(), TailError> {
        let path = reading.folder.path(number);
        let metadata = std::fs::metadata(&path)?;
        let seen = (metadata.len(), metadata.mtime(), metadata.mtime_nsec());
        if seen == self.seen {
            return Ok(());
        }
        let file = File::open(&path)?;
        if metadata.len() < self.read_until() || !self.read_from(&file, &path, number, reading)? {
            // A commit that failed was cut off again and written over: what was read of it does not count.
            *self = Self { damaged: self.damaged, ..Self::default() };
            self.read_from(&file, &path, number, reading)?;
        }
        self.seen = seen;
        Ok(())
    }

    fn read_until(&self) -> u64 {
        self.begun.as_ref().map_or(0, |begun| begun.position.offset)
    }

    /// Reads to the end; whether what follows fits what was read before.
    ///
    /// Where a key is not given, nothing was read. No frame that was opened is read again for it: the key is asked for
    /// at the site's first frame of the file, and opens all that follow.
    fn read_from(
        &mut self,
        file: &File,
        path: &Path,
        number: u64,
        reading: &mut Reading<'_>,
    ) -> Result<bool, TailError> {
        let bytes = read_to_end(file, self.read_until())?;
        let read_before = self.begun.is_some();
        let (begun, bytes) = match &mut self.begun {
            Some(begun) => (begun, &bytes[..]),
            none => match read_header(&bytes, number) {
                Ok((position, payloads)) => {
                    (none.insert(Begun { position, payloads }), &bytes[position.offset as usize..])
                }
                Err(fault) => {
                    self.damaged = true;
                    reading.noted.tell_damage(path, number, None, &fault.to_string());
                    return Ok(true);
                }
            },
        };
        let mut gathered = Gathered::default();
        let mut frames = Frames::new(bytes, begun.position);
        while let Some(found) = frames.next() {
            if found.site().is_some_and(|of| of != reading.site) {
                continue;
            }
            match begun.payloads.open(&found, reading.opener)? {
                (_, Payload::Gone) => {}
                (Some(_), Payload::Frame(frame)) => {
                    reading.noted.frames_opened += u64::from(begun.payloads.are_sealed());
                    gathered.take(frame);
                }
                _ if read_before => return Ok(false),
                (of, _) => {
                    self.damaged = true;
                    let what = format!("altered at byte {}", frames.found_at());
                    reading.noted.tell_damage(path, number, of, &what);
                }
            }
        }
        begun.position = frames.position();
        self.take(gathered, number, reading.texts);
        Ok(true)
    }

    fn take(&mut self, gathered: Gathered, number: u64, texts: &mut Texts) {
        for (counted, count) in gathered.counts {
            *self.counts.entry(counted).or_default() += count;
        }
        for (key, events) in gathered.events {
            let texts = texts.entry(key.0).or_insert_with(|| Arc::new(Dictionaries::new()));
            self.add(key, &events, number, texts);
        }
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

    /// Whether something was found damaged that is the site's or may be.
    pub(super) fn is_damaged(&self) -> bool {
        self.damaged
    }

    pub(super) fn runs(&self, kept: Kept) -> impl Iterator<Item = &TailRun> {
        self.runs.range((kept, i64::MIN)..=(kept, i64::MAX)).flat_map(|(_, runs)| runs)
    }

    pub(super) fn counts(&self, site: SiteId) -> impl Iterator<Item = ReasonCount> {
        let count = move |(&(utc_day, reason), &count)| ReasonCount { site, utc_day, reason, count };
        self.counts.iter().map(count)
    }

    /// Bytes its runs occupy.
    pub(super) fn bytes(&self) -> usize {
        self.runs.values().flatten().map(|waiting| waiting.run.bytes()).sum()
    }
}

impl Gathered {
    fn take(&mut self, frame: Frame) {
        for refused in frame.refused {
            self.count(refused.utc_day, Reason::Refused(refused.refusal), refused.count);
        }
        for event in frame.events {
            let kept = self.judge(&event);
            let days = event.at.0.div_euclid(RUN_DAYS * DAY_MS);
            self.events.entry((kept, days)).or_default().push(event);
        }
    }

    fn judge(&mut self, event: &Event) -> Kept {
        match event.suspicion {
            None => Kept::Counted,
            Some(suspicion) => {
                self.count(event.at.utc_day(), Reason::SetAside(suspicion), 1);
                Kept::SetAside
            }
        }
    }

    fn count(&mut self, utc_day: i64, reason: Reason, count: u64) {
        *self.counts.entry((utc_day, reason)).or_default() += count;
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
