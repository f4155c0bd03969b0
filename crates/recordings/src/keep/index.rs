//! What is in a recording, for whoever looks at it: its pages, the scenes that each can be played by itself, and what is
//! missing.

use std::collections::BTreeMap;

use domain::{Text, Timestamp};

use super::contents::{Contents, Stretch, Totals, missing};
use crate::chunk::Checked;
use crate::names::PageId;

/// A page of a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexedPage {
    /// Which.
    pub page: PageId,
    /// Its path.
    pub path: Text,
    /// When its first event and its last happened.
    pub from: Timestamp,
    /// The same.
    pub to: Timestamp,
    /// The size of the window at its first snapshot.
    pub window: Option<(u32, u32)>,
    /// Whether it ended as pages do, and was not lost.
    pub ended: bool,
}

/// Events from one full snapshot of a page up to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// Of which page.
    pub page: PageId,
    /// When its first event and its last happened.
    pub from: Timestamp,
    /// The same.
    pub to: Timestamp,
    /// Bytes of its events.
    pub bytes: u64,
    /// Whether it begins with a full snapshot. What came before the first one cannot be shown, and is here.
    pub snapshot: bool,
    /// The part of each of its stretches, and its place in it.
    pub(crate) pieces: Vec<(usize, usize)>,
}

/// Chunks that are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Of which page.
    pub page: PageId,
    /// The first and the last of them.
    pub first: u32,
    /// The same.
    pub last: u32,
}

/// Everything of a recording but its events.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// In the order in which they began.
    pub pages: Vec<IndexedPage>,
    /// In the order of pages, and of chunks in each.
    pub scenes: Vec<Scene>,
    /// What is missing.
    pub gaps: Vec<Gap>,
    /// What the gate checked.
    pub checked: Checked,
    /// What it all comes to.
    pub totals: Totals,
}

impl Index {
    pub(crate) fn of(parts: &[Contents]) -> Self {
        let mut of_pages: BTreeMap<PageId, Vec<(usize, usize)>> = BTreeMap::new();
        for (part, contents) in parts.iter().enumerate() {
            for (place, stretch) in contents.stretches.iter().enumerate() {
                of_pages.entry(stretch.page).or_default().push((part, place));
            }
        }
        let at = |(part, place): (usize, usize)| &parts[part].stretches[place];
        for pieces in of_pages.values_mut() {
            // Stretches of one chunk stay in their order.
            pieces.sort_by_key(|piece| at(*piece).numbers.first().map_or(0, |(first, _)| *first));
        }
        let mut pages: Vec<(IndexedPage, Vec<Scene>)> = of_pages
            .into_iter()
            .map(|(page, pieces)| {
                (page_of(page, pieces.iter().map(|piece| at(*piece))), scenes_of(page, &pieces, at))
            })
            .collect();
        pages.sort_by_key(|(page, _)| page.from);
        let mut checked = Checked::default();
        parts.iter().for_each(|part| checked.add(&part.checked));
        let gaps = missing(parts)
            .into_iter()
            .flat_map(|(page, gaps)| gaps.into_iter().map(move |(first, last)| Gap { page, first, last }));
        let gaps = gaps.collect();
        let totals = Totals::of(parts, Timestamp(0));
        let (pages, scenes): (Vec<_>, Vec<_>) = pages.into_iter().unzip();
        Self { pages, scenes: scenes.into_iter().flatten().collect(), gaps, checked, totals }
    }

    /// The scene in which something is that happened then: the last that begins no later, or else the first. Of pages that
    /// overlap it is that which began last.
    pub fn scene_at(&self, at: Timestamp) -> Option<&Scene> {
        let playable = || self.scenes.iter().filter(|scene| scene.snapshot);
        playable()
            .filter(|scene| scene.from <= at)
            .max_by_key(|scene| scene.from)
            .or_else(|| playable().next())
    }
}

fn page_of<'a>(page: PageId, stretches: impl Iterator<Item = &'a Stretch>) -> IndexedPage {
    let mut told = IndexedPage {
        page,
        path: Text::default(),
        from: Timestamp(i64::MAX),
        to: Timestamp(i64::MIN),
        window: None,
        ended: false,
    };
    for stretch in stretches {
        if told.path.is_empty() {
            told.path = stretch.path.clone();
        }
        told.from = told.from.min(Timestamp(stretch.from));
        told.to = told.to.max(Timestamp(stretch.to));
        told.window = told.window.or(stretch.window);
        told.ended |= stretch.last;
    }
    told
}

fn scenes_of<'a>(
    page: PageId,
    pieces: &[(usize, usize)],
    at: impl Fn((usize, usize)) -> &'a Stretch,
) -> Vec<Scene> {
    let mut scenes: Vec<Scene> = Vec::new();
    for piece in pieces {
        let stretch = at(*piece);
        let (from, to) = (Timestamp(stretch.from), Timestamp(stretch.to));
        match scenes.last_mut() {
            Some(scene) if !stretch.snapshot => {
                scene.to = scene.to.max(to);
                scene.bytes += stretch.unpacked;
                scene.pieces.push(*piece);
            }
            _ => {
                let (bytes, snapshot) = (stretch.unpacked, stretch.snapshot);
                scenes.push(Scene { page, from, to, bytes, snapshot, pieces: vec![*piece] });
            }
        }
    }
    scenes
}
