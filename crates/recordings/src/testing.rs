//! What the tests of this crate share: a data directory with a spool, a ledger in memory, and chunks to put there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{Counting, ManualClock, SiteId, Text, Timestamp, VisitorId};
use sealing::{Environment, Pair, Ring, Seals};

use crate::{
    Change, Checked, Chunk, Found, Head, Learned, Ledger, LedgerError, Lesson, Onlooker, Part, Recordings,
    Spool, SpoolFolder, SpoolLimits, Taken, Upkeep, Whose,
};

pub(crate) const SITE: SiteId = SiteId(7);
pub(crate) const NOW: Timestamp = Timestamp(1_700_000_000_000);
pub(crate) const CANARY: &str = "canary-in-page-text";

/// A ledger in memory.
#[derive(Default)]
pub(crate) struct Book(pub(crate) Mutex<Pages>);

#[derive(Default)]
pub(crate) struct Pages {
    pub(crate) known: BTreeMap<Whose, Vec<Taken>>,
    pub(crate) removed: BTreeSet<Whose>,
    pub(crate) spooled: BTreeSet<String>,
    pub(crate) learned: Vec<Learned>,
    /// What is to be put together anew.
    pub(crate) anew: BTreeSet<Whose>,
    /// Whether the next change fails, as where the disk is full.
    pub(crate) fails: bool,
}

impl Book {
    pub(crate) fn lock(&self) -> std::sync::MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The parts of a recording.
    pub(crate) fn parts(&self, whose: &Whose) -> Vec<Part> {
        self.lock().known.get(whose).into_iter().flatten().map(|taken| taken.part.clone()).collect()
    }
}

impl Ledger for Book {
    fn spooled(&self) -> Result<BTreeSet<String>, LedgerError> {
        Ok(self.lock().spooled.clone())
    }

    fn find(&self, whose: &Whose) -> Result<Found, LedgerError> {
        if self.lock().removed.contains(whose) {
            return Ok(Found::Removed);
        }
        let parts = self.parts(whose);
        Ok(if parts.is_empty() { Found::New } else { Found::Known(parts) })
    }

    fn publish(&self, change: &Change) -> Result<(), LedgerError> {
        let mut pages = self.lock();
        if std::mem::take(&mut pages.fails) {
            return Err(LedgerError("the disk is full".into()));
        }
        for taken in &change.taken {
            let parts = pages.known.entry(taken.whose).or_default();
            parts.retain(|known| !taken.replaces.contains(&known.part.object));
            parts.push(taken.clone());
        }
        for taken in &change.taken {
            if taken.replaces.is_empty() {
                pages.anew.insert(taken.whose);
            } else {
                pages.anew.remove(&taken.whose);
            }
        }
        if let Some(learned) = &change.learned {
            let all = pages.known.keys().copied().collect::<Vec<_>>();
            pages.anew.extend(all);
            pages.learned.push(learned.clone());
        }
        pages.spooled.extend(change.spooled.clone());
        pages.spooled.retain(|name| !change.forget.contains(name));
        Ok(())
    }

    fn objects(&self) -> Result<BTreeSet<String>, LedgerError> {
        let pages = self.lock();
        let parts = pages.known.values().flatten().map(|taken| taken.part.object.clone());
        Ok(parts.chain(pages.learned.iter().map(|learned| learned.object.clone())).collect())
    }

    fn expire(&self, _now: Timestamp) -> Result<u64, LedgerError> {
        Ok(0)
    }

    fn in_parts(&self, ended_before: Timestamp) -> Result<Vec<Whose>, LedgerError> {
        let pages = self.lock();
        let over = |(whose, parts): &(&Whose, &Vec<Taken>)| {
            pages.anew.contains(*whose)
                && parts.last().is_some_and(|taken| taken.totals.ended_at < ended_before)
        };
        Ok(pages.known.iter().filter(over).map(|(whose, _)| *whose).collect())
    }

    fn lesson(
        &self,
        visitors_min: u32,
        visitors_max: u32,
        _over: Timestamp,
        anew: Timestamp,
    ) -> Result<Option<Lesson>, LedgerError> {
        let pages = self.lock();
        if pages.known.len() < visitors_min as usize || pages.learned.iter().any(|learned| learned.at > anew)
        {
            return Ok(None);
        }
        let parts = |taken: &Vec<Taken>| taken.iter().map(|taken| taken.part.clone()).collect();
        let recordings = pages.known.iter().take(visitors_max as usize);
        let recordings = recordings.map(|(whose, taken)| (whose.visitor, parts(taken))).collect();
        Ok(Some(Lesson { site: SITE, path: Text::clean("/cart", 100), recordings }))
    }

    fn dictionary(&self, _site: SiteId, path: &Text) -> Result<Option<String>, LedgerError> {
        let pages = self.lock();
        let of_page = pages.learned.iter().rev().find(|learned| learned.path == *path);
        Ok(of_page.filter(|learned| !learned.empty).map(|learned| learned.object.clone()))
    }
}

/// A data directory.
pub(crate) struct House {
    folder: tempfile::TempDir,
    pub(crate) clock: Arc<ManualClock>,
    rng: Arc<Counting>,
    ring: Arc<Ring>,
    pub(crate) book: Arc<Book>,
}

impl House {
    pub(crate) fn new() -> Self {
        let rng = Counting::from(1);
        let mut ring = Ring::new(Environment(3));
        ring.add(SITE, 1, Pair::random(&rng));
        Self {
            folder: tempfile::tempdir().unwrap(),
            clock: Arc::new(ManualClock::at(NOW)),
            rng: Arc::new(Counting::from(100)),
            ring: Arc::new(ring),
            book: Arc::default(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn seals(&self) -> Seals {
        Seals::Sealed { recipients: self.ring.clone(), rng: self.rng.clone() }
    }

    pub(crate) fn recordings(&self) -> Recordings {
        Recordings::open(self.path(), self.ring.clone()).unwrap()
    }

    pub(crate) fn upkeep(&self) -> Upkeep {
        self.upkeep_until(|| false)
    }

    /// The same, which stops where it is told to.
    pub(crate) fn upkeep_until(&self, stop: impl Fn() -> bool + Send + 'static) -> Upkeep {
        let spool = SpoolFolder::open(self.path()).unwrap();
        let hands = (self.clock.clone() as Arc<_>, self.rng.clone() as Arc<_>);
        Upkeep::new(spool, self.recordings(), self.seals(), self.book.clone(), hands, stop)
    }

    /// A spool whose files are not closed by their age.
    pub(crate) fn spool_that_lasts(&self) -> Spool {
        let folder = SpoolFolder::open(self.path()).unwrap();
        let limits = SpoolLimits { age: Duration::from_secs(60), ..SpoolLimits::default() };
        Spool::start(folder, self.clock.clone(), self.rng.clone(), limits).unwrap()
    }

    /// Spools these chunks, and closes the file: each is durable when this returns.
    pub(crate) fn spool(&self, chunks: &[Chunk]) {
        let spool = self.spool_that_lasts();
        let (tell, told) = mpsc::channel();
        for chunk in chunks {
            let tell = tell.clone();
            let sealed = chunk.seal(SITE, &self.seals()).unwrap();
            let done = Box::new(move |outcome| drop(tell.send(outcome)));
            assert!(spool.submit(sealed, done).is_ok());
        }
        for _ in chunks {
            told.recv().unwrap().unwrap();
        }
    }

    pub(crate) fn spooled(&self) -> Vec<std::path::PathBuf> {
        let files = std::fs::read_dir(self.path().join("spool")).unwrap().flatten();
        files.map(|file| file.path()).collect()
    }

    /// The events of the scene in which a moment is.
    pub(crate) fn scene(&self, whose: &Whose, at: i64) -> String {
        let parts = self.book.parts(whose);
        let index = Recordings::index(&parts).unwrap();
        let scene = index.scene_at(Timestamp(at)).expect("a scene").clone();
        let mut events = Vec::new();
        let take = &mut |lines: Vec<u8>| {
            events.extend(lines);
            true
        };
        self.recordings().open_scene(SITE, &parts, &scene).unwrap().give(take).unwrap();
        String::from_utf8(events).unwrap()
    }
}

/// Whose the chunks of the tests are.
pub(crate) fn whose() -> Whose {
    Whose { site: SITE, visitor: VisitorId::from_u128(5), tab: "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap() }
}

/// Chunk `number` of a page, of these events, the first a second after the last chunk's.
pub(crate) fn chunk(page: &str, number: u32, events: &[&str]) -> Chunk {
    let lines: String = events.iter().map(|event| format!("{event}\n")).collect();
    let mut checked = Checked { version: 1, ..Checked::default() };
    checked.counts.insert("text.seen".to_owned(), 2);
    Chunk {
        head: Head {
            visitor: whose().visitor,
            tab: whose().tab,
            page: page.parse().unwrap(),
            number,
            last: false,
            received_at: NOW,
            path: Text::clean("/cart", 100),
            onlooker: Onlooker { country: Text::clean("AT", 2), ..Onlooker::default() },
        },
        checked,
        events: lines.into_bytes(),
    }
}

pub(crate) fn meta(at: i64) -> String {
    format!(
        r#"{{"type":4,"timestamp":{at},"data":{{"href":"https://example.com/cart","width":800,"height":600}}}}"#
    )
}

pub(crate) fn snapshot(at: i64) -> String {
    format!(r#"{{"type":2,"timestamp":{at},"data":{{"node":{{"textContent":"{CANARY}"}}}}}}"#)
}

pub(crate) fn click(at: i64) -> String {
    format!(r#"{{"type":3,"timestamp":{at},"data":{{"source":2,"type":2,"id":1}}}}"#)
}
