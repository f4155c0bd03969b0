//! What a store holds in memory: the catalog's snapshot, each site's tail and texts, and decoded columns.
//!
//! A site's codes mean nothing without its texts, so the three are let go of together. What nobody asks for goes first.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::SiteId;
use rustc_hash::FxHashSet;
use sealing::Opener;

use super::StoreError;
use super::cache::Cache;
use crate::aliases::{Aliases, Moves};
use crate::catalog::{Kept, ReasonCount, Segment, SegmentId, Snapshot};
use crate::dictionary::Dictionaries;
use crate::journal::JournalFolder;
use crate::tail::{Followed, Noted, Reading, Tail, TailError, TailRun, Texts};

#[derive(Default)]
pub(super) struct State {
    pub(super) snapshot: Arc<Snapshot>,
    sites: BTreeMap<SiteId, OfSite>,
    noted: Noted,
    /// Counts askings.
    asked: u64,
    /// Texts are let go of beyond this.
    text_bytes_max: usize,
    /// They were, and what is needed after it is not known yet.
    just_cleared: bool,
    pub(super) cache: Cache,
}

/// What is held of a site beside decoded columns.
#[derive(Default)]
struct OfSite {
    tail: Tail,
    tail_bytes: usize,
    texts: Texts,
    text_bytes: usize,
    /// As whom its visitors are counted, and of which version that is.
    moves: (u64, Arc<Moves>),
    /// When it was last asked for, in askings.
    used: u64,
}

impl OfSite {
    fn measure(&mut self) {
        self.tail_bytes = self.tail.bytes();
        self.text_bytes = self.texts.values().map(|texts| texts.bytes()).sum();
    }
}

impl State {
    /// It holds decoded columns and texts within `cache_bytes`.
    pub(super) fn new(cache_bytes: usize) -> Self {
        Self { cache: Cache::new(cache_bytes), text_bytes_max: cache_bytes / 4, ..Self::default() }
    }

    /// Takes note of what is live now.
    pub(super) fn take_snapshot(&mut self, snapshot: Snapshot) {
        self.snapshot = Arc::new(snapshot);
        self.keep_columns(|_| true);
    }

    /// Lets go of what any tail holds of journal files that are not among `numbers`, also for sites
    /// that nobody asks for any more.
    pub(super) fn keep_journal_files(&mut self, numbers: &[u64]) {
        self.noted.keep_only(numbers);
        for of_site in self.sites.values_mut() {
            of_site.tail.keep_only(numbers);
            of_site.tail_bytes = of_site.tail.bytes();
        }
    }

    /// As whom visitors of `site` are counted, and of which version that is.
    pub(super) fn moves(&self, site: SiteId) -> (u64, Arc<Moves>) {
        self.sites.get(&site).map(|of_site| of_site.moves.clone()).unwrap_or_default()
    }

    /// Takes note of what was said of the visitors of `site`, unless that is known; whether it then is that of the snapshot.
    pub(super) fn follow_aliases<E>(
        &mut self,
        site: SiteId,
        read: impl FnOnce() -> Result<Aliases, E>,
    ) -> Result<bool, E> {
        let version = self.snapshot.aliases.get(&site).copied().unwrap_or_default();
        let moves = &mut self.sites.entry(site).or_default().moves;
        if moves.0 != version {
            *moves = match version {
                0 => Default::default(),
                _ => read().map(|aliases| (aliases.version, Arc::new(Moves::of(&aliases))))?,
            };
        }
        Ok(moves.0 == version)
    }

    /// Reads on in the site's part of the journal files `numbers`.
    pub(super) fn read_on(
        &mut self,
        site: SiteId,
        (folder, numbers): (&JournalFolder, &[u64]),
        opener: &dyn Opener,
    ) -> Result<Followed, StoreError> {
        let of_site = self.sites.entry(site).or_default();
        let (texts, noted) = (&mut of_site.texts, &mut self.noted);
        let followed = of_site.tail.follow(numbers, &mut Reading { site, folder, opener, texts, noted });
        of_site.measure();
        followed.map_err(|error| match error {
            TailError::Disk(error) => StoreError::Disk(error),
            TailError::Closed(error) => StoreError::Closed(error),
        })
    }

    /// The live segments of a site.
    pub(super) fn segments(&self, site: SiteId, kept: Kept) -> impl Iterator<Item = &Segment> {
        self.snapshot.segments.iter().filter(move |segment| segment.site == site && segment.kept == kept)
    }

    /// The runs of a site's tail, in ascending order of arrival.
    pub(super) fn waiting(&self, site: SiteId, kept: Kept) -> impl Iterator<Item = &TailRun> {
        self.sites.get(&site).into_iter().flat_map(move |of_site| of_site.tail.runs(kept))
    }

    /// The counts of a site's tail.
    pub(super) fn waiting_counts(&self, site: SiteId) -> impl Iterator<Item = ReasonCount> {
        self.sites.get(&site).into_iter().flat_map(move |of_site| of_site.tail.counts(site))
    }

    /// The number of a journal file of which something is damaged that is the site's or may be, if there is one.
    pub(super) fn damaged(&self, site: SiteId) -> Option<u64> {
        self.sites.get(&site)?.tail.damaged()
    }

    /// How many sealed frames of the journal were opened so far.
    pub(super) fn frames_opened(&self) -> u64 {
        self.noted.frames_opened
    }

    /// The texts behind a site's codes.
    pub(super) fn texts(&mut self, site: SiteId, kept: Kept) -> Arc<Dictionaries> {
        let texts = &mut self.sites.entry(site).or_default().texts;
        texts.entry(kept).or_insert_with(|| Arc::new(Dictionaries::new())).clone()
    }

    /// The texts that are held of a site.
    pub(super) fn texts_of(&self, site: SiteId) -> Texts {
        self.sites.get(&site).map(|of_site| of_site.texts.clone()).unwrap_or_default()
    }

    /// Puts texts in the place of those that are held, in which every code that a held row has means the same.
    pub(super) fn put_texts(&mut self, site: SiteId, kept: Kept, texts: Arc<Dictionaries>) {
        let of_site = self.sites.entry(site).or_default();
        of_site.texts.insert(kept, texts);
        of_site.measure();
    }

    /// Whether the site's codes still mean what they meant when these were its texts.
    pub(super) fn speaks(&self, site: SiteId, kept: Kept, texts: &Arc<Dictionaries>) -> bool {
        let held = self.sites.get(&site).and_then(|of_site| of_site.texts.get(&kept));
        held.is_some_and(|held| Arc::ptr_eq(held, texts))
    }

    /// Columns of `site` were decoded: the longest unused go until all fit the budget.
    pub(super) fn shrink(&mut self, site: SiteId) {
        let of_site = self.sites.entry(site).or_default();
        of_site.measure();
        if std::mem::take(&mut self.just_cleared) {
            self.text_bytes_max = (of_site.text_bytes * 2).max(self.cache.budget() / 4);
        }
        self.cache.shrink(self.text_bytes());
    }

    /// Bytes that are held of a site: of its tail, and of its texts.
    #[cfg(test)]
    pub(super) fn bytes_of(&self, site: SiteId) -> (usize, usize) {
        self.sites.get(&site).map_or((0, 0), |of_site| (of_site.tail_bytes, of_site.text_bytes))
    }

    fn text_bytes(&self) -> usize {
        self.sites.values().map(|of_site| of_site.text_bytes).sum()
    }

    /// Makes room before `site` is read. Texts only gather while they are in use. When there are too many, they go site by
    /// site, the longest unused first. Tails of other sites go beyond a quarter of the budget.
    pub(super) fn make_room(&mut self, site: SiteId) {
        self.asked += 1;
        let of_site = self.sites.entry(site).or_default();
        of_site.used = self.asked;
        if of_site.text_bytes > self.text_bytes_max {
            self.let_go(site);
            self.just_cleared = true;
        }
        while self.text_bytes() > self.text_bytes_max
            && let Some((&other, _)) = self.others(site).min_by_key(|(_, of_site)| of_site.used)
        {
            self.let_go(other);
            self.just_cleared = true;
        }
        while self.others(site).map(|(_, of_site)| of_site.tail_bytes).sum::<usize>()
            > self.cache.budget() / 4
        {
            let waiting =
                self.sites.iter_mut().filter(|(other, of_site)| **other != site && of_site.tail_bytes > 0);
            if let Some((_, unused)) = waiting.min_by_key(|(_, of_site)| of_site.used) {
                (unused.tail, unused.tail_bytes) = Default::default();
            }
        }
    }

    fn others(&self, site: SiteId) -> impl Iterator<Item = (&SiteId, &OfSite)> {
        self.sites.iter().filter(move |(other, _)| **other != site)
    }

    fn let_go(&mut self, site: SiteId) {
        self.sites.remove(&site);
        self.keep_columns(|of| of != site);
    }

    /// Lets go of everything of all other sites.
    pub(super) fn keep_only_sites(&mut self, may_stay: impl Fn(SiteId) -> bool) {
        self.sites.retain(|site, _| may_stay(*site));
        self.keep_columns(may_stay);
    }

    /// Lets go of the columns of all segments but the live ones of these sites.
    fn keep_columns(&mut self, of: impl Fn(SiteId) -> bool) {
        let live = self.snapshot.segments.iter().filter(|segment| of(segment.site));
        let live: FxHashSet<SegmentId> = live.map(|segment| segment.id).collect();
        self.cache.keep_only(|id| live.contains(&id));
    }
}
