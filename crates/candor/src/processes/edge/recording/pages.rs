//! What is known of pages that are being recorded: each one's tree, as far as the gate keeps it, and which chunks of it were
//! acknowledged. It is kept within a budget; what is let go of costs a snapshot, and never lets anything through.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use capture::recording::Page;
use domain::SiteId;
use recordings::{PageId, TabId};
use tokio::sync::{Mutex as Turn, MutexGuard, Notify, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::processes::edge::limits::{EARLY_BY_MAX, OUT_OF_TURN_MAX, TURN_TIME_MAX};

/// Ranges of acknowledged chunks that are remembered of a page. Chunks come one after the other but for the last ones, so
/// that there are few; of what is forgotten the worker knows.
const RANGES_MAX: usize = 32;
/// What an entry takes beside its tree.
const ENTRY_BYTES: usize = 512;

/// Which page.
pub(super) type PageKey = (SiteId, TabId, PageId);

/// What is known of a page.
#[derive(Default)]
pub(super) struct Mirror {
    /// Its tree, after the last chunk before `next`.
    page: Page,
    next: u32,
    /// Both ends of each are in it.
    acknowledged: Vec<(u32, u32)>,
}

/// A page whose chunks are judged one after the other.
#[derive(Default)]
pub(super) struct Recorded {
    mirror: Turn<Mirror>,
    /// A chunk of it was made durable.
    went_on: Notify,
}

/// All pages that are known.
pub(super) struct Pages {
    budget: usize,
    known: Mutex<Known>,
    /// Chunks that may wait for those before them, and for how long.
    early: Semaphore,
    patience: Duration,
}

#[derive(Default)]
struct Known {
    entries: HashMap<PageKey, Entry>,
    bytes: usize,
    /// Grows with every use, so that the longest unused is known.
    turn: u64,
}

struct Entry {
    page: Arc<Recorded>,
    bytes: usize,
    used: u64,
}

impl Mirror {
    /// Whether a chunk was acknowledged before.
    pub(super) fn has(&self, number: u32) -> bool {
        self.acknowledged.iter().any(|(first, last)| (*first..=*last).contains(&number))
    }

    /// The tree that a chunk is judged by, a copy: it takes the place of what is known once the chunk is durable. Of chunks
    /// that come out of their turn nothing is known before their own next snapshot.
    pub(super) fn tree_for(&self, number: u32) -> Page {
        if number == self.next { self.page.clone() } else { Page::default() }
    }

    /// A chunk was made durable, and the page's tree is this after it.
    pub(super) fn acknowledge(&mut self, number: u32, tree: Page) {
        if number >= self.next {
            self.page = tree;
            self.next = number.saturating_add(1);
        }
        match self.acknowledged.iter_mut().find(|(_, last)| last.checked_add(1) == Some(number)) {
            Some((_, last)) => *last = number,
            None => self.acknowledged.push((number, number)),
        }
        if self.acknowledged.len() > RANGES_MAX {
            self.acknowledged.remove(0);
        }
    }

    /// A chunk was refused: nothing is known of the page any more.
    pub(super) fn forget_tree(&mut self) {
        self.page = Page::default();
    }

    /// Bytes of the tree.
    pub(super) fn bytes(&self) -> usize {
        self.page.bytes()
    }
}

impl Recorded {
    /// What is known of the page, to be held while a chunk of it is judged and made durable.
    pub(super) async fn hold(&self) -> MutexGuard<'_, Mirror> {
        self.mirror.lock().await
    }

    /// Those that wait for the chunks before them look again.
    pub(super) fn tell(&self) {
        self.went_on.notify_waiters();
    }
}

impl Pages {
    pub(super) fn new(budget: usize) -> Self {
        Self {
            budget,
            known: Mutex::default(),
            early: Semaphore::new(OUT_OF_TURN_MAX),
            patience: TURN_TIME_MAX,
        }
    }

    /// What is known of a page once it is a chunk's turn. A page that is left sends its last chunks side by side, and they
    /// overtake each other: an early one waits a little, as without those before it nothing in it could be kept.
    pub(super) async fn in_turn<'a>(&self, page: &'a Recorded, number: u32) -> MutexGuard<'a, Mirror> {
        let mut mirror = page.hold().await;
        if !(1..=EARLY_BY_MAX).contains(&number.saturating_sub(mirror.next)) {
            return mirror;
        }
        let Ok(_place) = self.early.try_acquire() else { return mirror };
        let latest = Instant::now() + self.patience;
        loop {
            let went_on = page.went_on.notified();
            drop(mirror);
            let is_late = timeout_at(latest, went_on).await.is_err();
            mirror = page.hold().await;
            if is_late || number <= mirror.next {
                return mirror;
            }
        }
    }

    /// Chunks that wait for those before them.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        OUT_OF_TURN_MAX - self.early.available_permits()
    }

    /// A page, as it is known.
    pub(super) fn of(&self, key: PageKey) -> Arc<Recorded> {
        let mut known = self.lock();
        known.turn += 1;
        let used = known.turn;
        if let Some(entry) = known.entries.get_mut(&key) {
            entry.used = used;
            return entry.page.clone();
        }
        let page = Arc::<Recorded>::default();
        known.entries.insert(key, Entry { page: page.clone(), bytes: ENTRY_BYTES, used });
        known.bytes += ENTRY_BYTES;
        self.keep_within_budget(&mut known, key);
        page
    }

    /// A page's tree has grown or shrunk.
    pub(super) fn measure(&self, key: PageKey, tree: usize) {
        let mut known = self.lock();
        let Some(entry) = known.entries.get_mut(&key) else { return };
        let before = std::mem::replace(&mut entry.bytes, ENTRY_BYTES + tree);
        let now = entry.bytes;
        known.bytes = known.bytes + now - before;
        self.keep_within_budget(&mut known, key);
    }

    /// Bytes that all of it takes.
    pub(super) fn bytes(&self) -> usize {
        self.lock().bytes
    }

    /// Lets go of what was longest unused, and of some more so that it need not be looked for at every chunk.
    fn keep_within_budget(&self, known: &mut Known, but: PageKey) {
        if known.bytes <= self.budget {
            return;
        }
        let mut oldest: Vec<(u64, PageKey)> =
            known.entries.iter().map(|(key, entry)| (entry.used, *key)).collect();
        oldest.sort_unstable_by_key(|(used, _)| *used);
        for (_, key) in oldest.into_iter().filter(|(_, key)| *key != but) {
            if known.bytes <= self.budget / 10 * 9 {
                return;
            }
            known.bytes -= known.entries.remove(&key).map_or(0, |entry| entry.bytes);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u32) -> PageKey {
        (SiteId(1), "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap(), format!("{number:011}").parse().unwrap())
    }

    #[test]
    fn a_chunk_is_known_once_it_was_acknowledged_and_its_neighbours_are_not() {
        let mut mirror = Mirror::default();
        for number in [0, 1, 2, 7] {
            mirror.acknowledge(number, Page::default());
        }
        let known: Vec<u32> = (0..10).filter(|number| mirror.has(*number)).collect();
        assert_eq!(known, [0, 1, 2, 7]);
    }

    #[test]
    fn so_many_ranges_are_remembered_and_of_one_more_the_first_is_forgotten() {
        let mut mirror = Mirror::default();
        let apart = |range: usize| u32::try_from(range * 2).unwrap();
        (0..RANGES_MAX).for_each(|range| mirror.acknowledge(apart(range), Page::default()));
        assert!((0..RANGES_MAX).all(|range| mirror.has(apart(range))));
        mirror.acknowledge(apart(RANGES_MAX), Page::default());
        assert!(!mirror.has(0) && (1..=RANGES_MAX).all(|range| mirror.has(apart(range))));
    }

    #[test]
    fn the_longest_unused_is_let_go_of_when_the_budget_is_full_and_not_before() {
        let pages = Pages::new(10 * ENTRY_BYTES);
        for number in 0..10 {
            pages.of(key(number)).mirror.try_lock().unwrap().acknowledge(0, Page::default());
        }
        assert_eq!(pages.bytes(), 10 * ENTRY_BYTES);
        pages.of(key(0));
        pages.of(key(10));
        assert!(pages.bytes() <= 10 * ENTRY_BYTES);
        assert!(pages.of(key(0)).mirror.try_lock().unwrap().has(0), "it was used");
        assert!(!pages.of(key(1)).mirror.try_lock().unwrap().has(0), "it was not");
    }

    #[test]
    fn a_tree_counts_with_what_it_takes() {
        let pages = Pages::new(1_000_000);
        pages.of(key(0));
        pages.measure(key(0), 300_000);
        assert_eq!(pages.bytes(), ENTRY_BYTES + 300_000);
        pages.measure(key(0), 0);
        assert_eq!(pages.bytes(), ENTRY_BYTES);
    }

    /// Pages whose early chunks wait for as long as this.
    fn patient_for(patience: Duration) -> Arc<Pages> {
        Arc::new(Pages { patience, ..Pages::new(1_000_000) })
    }

    #[tokio::test]
    async fn so_many_chunks_wait_for_their_turn_and_one_more_has_it_at_once() {
        let pages = patient_for(Duration::from_secs(3_600));
        let mut early = Vec::new();
        for number in 0..OUT_OF_TURN_MAX {
            let (pages, page) = (pages.clone(), pages.of(key(u32::try_from(number).unwrap())));
            early.push(tokio::spawn(async move { pages.in_turn(&page, 1).await.next }));
        }
        while pages.waiting() < OUT_OF_TURN_MAX {
            tokio::task::yield_now().await;
        }
        let more = pages.of(key(1_000));
        assert_eq!(pages.in_turn(&more, 1).await.next, 0, "it does not wait");
        for (number, early) in early.into_iter().enumerate() {
            let page = pages.of(key(u32::try_from(number).unwrap()));
            pages.in_turn(&page, 0).await.acknowledge(0, Page::default());
            page.tell();
            assert_eq!(early.await.unwrap(), 1, "it waited");
        }
        assert_eq!(pages.waiting(), 0);
    }

    #[tokio::test]
    async fn a_chunk_waits_that_is_early_by_so_many_numbers_and_one_that_is_by_one_more_does_not() {
        let pages = patient_for(Duration::from_secs(3_600));
        let page = pages.of(key(0));
        assert_eq!(pages.in_turn(&page, EARLY_BY_MAX + 1).await.next, 0, "it does not wait");
        let early = tokio::spawn({
            let (pages, page) = (pages.clone(), page.clone());
            async move { pages.in_turn(&page, EARLY_BY_MAX).await.next }
        });
        while pages.waiting() == 0 {
            tokio::task::yield_now().await;
        }
        page.hold().await.acknowledge(EARLY_BY_MAX - 1, Page::default());
        page.tell();
        assert_eq!(early.await.unwrap(), EARLY_BY_MAX, "it waited");
    }

    #[tokio::test]
    async fn an_early_chunk_waits_no_longer_than_it_may() {
        let pages = patient_for(Duration::from_millis(1));
        let page = pages.of(key(0));
        assert_eq!(pages.in_turn(&page, 1).await.next, 0);
        assert_eq!(pages.waiting(), 0);
    }
}
