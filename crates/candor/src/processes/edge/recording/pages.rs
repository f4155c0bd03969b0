//! What is known of pages that are being recorded: each one's tree, as far as the gate keeps it, and which chunks of it were
//! acknowledged. It is kept within a budget; what is let go of costs a snapshot, and never lets anything through.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use capture::recording::Page;
use domain::SiteId;
use recordings::{PageId, TabId};
use tokio::sync::Mutex as Turn;

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

/// All pages that are known.
pub(super) struct Pages {
    budget: usize,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    entries: HashMap<PageKey, Entry>,
    bytes: usize,
    /// Grows with every use, so that the longest unused is known.
    turn: u64,
}

struct Entry {
    mirror: Arc<Turn<Mirror>>,
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

impl Pages {
    pub(super) fn new(budget: usize) -> Self {
        Self { budget, known: Mutex::default() }
    }

    /// What is known of a page, to be held while a chunk of it is judged and made durable.
    pub(super) fn of(&self, key: PageKey) -> Arc<Turn<Mirror>> {
        let mut known = self.lock();
        known.turn += 1;
        let used = known.turn;
        if let Some(entry) = known.entries.get_mut(&key) {
            entry.used = used;
            return entry.mirror.clone();
        }
        let mirror = Arc::<Turn<Mirror>>::default();
        known.entries.insert(key, Entry { mirror: mirror.clone(), bytes: ENTRY_BYTES, used });
        known.bytes += ENTRY_BYTES;
        self.keep_within_budget(&mut known, key);
        mirror
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
            pages.of(key(number)).try_lock().unwrap().acknowledge(0, Page::default());
        }
        assert_eq!(pages.bytes(), 10 * ENTRY_BYTES);
        pages.of(key(0));
        pages.of(key(10));
        assert!(pages.bytes() <= 10 * ENTRY_BYTES);
        assert!(pages.of(key(0)).try_lock().unwrap().has(0), "it was used");
        assert!(!pages.of(key(1)).try_lock().unwrap().has(0), "it was not");
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
}
