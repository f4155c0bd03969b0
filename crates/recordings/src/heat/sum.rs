//! Many traces as one heatmap.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::pattern::Pattern;
use super::trace::{Click, ClickKind, Place, Screen, TWENTIETHS, Trace, View};

/// Places of clicks that are told.
pub const PLACES_MAX: usize = 5_000;
/// Places of moves that are told.
pub const MOVES_MAX: usize = 5_000;

/// Clicks of one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "docs/heatmaps.md says of each what it is")]
pub struct Clicked {
    pub element: u32,
    pub x: u16,
    pub y: u16,
    pub clicks: u64,
    pub rage: u64,
    pub dead: u64,
}

/// How long the pointer was in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "docs/heatmaps.md says of each what it is")]
pub struct Moved {
    pub element: u32,
    pub x: u16,
    pub y: u16,
    pub ms: u64,
}

/// What a heatmap is drawn over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Background {
    /// The number of a recording.
    pub recording: u64,
    /// A moment in it.
    pub at: i64,
    /// The size of the window.
    pub window: (u32, u32),
    /// How tall the page is, where that was told.
    pub height: Option<u32>,
}

/// Page views of one screen class and of pages of one pattern, summed up.
pub struct Heatmap {
    pattern: Pattern,
    screen: Screen,
    /// Page views of each class.
    screens: BTreeMap<Screen, u64>,
    /// Of each place how many clicks, and how many of them in anger and dead.
    clicks: BTreeMap<Place, [u64; 3]>,
    moves: BTreeMap<Place, u64>,
    /// How many views came to each twentieth and no deeper.
    deepest: [u64; TWENTIETHS],
    attention: [u64; TWENTIETHS],
    /// When the recording began that is newest, and what is shown of it.
    background: Option<(i64, Background)>,
}

impl Heatmap {
    /// One of nothing.
    pub const fn new(pattern: Pattern, screen: Screen) -> Self {
        Self {
            pattern,
            screen,
            screens: BTreeMap::new(),
            clicks: BTreeMap::new(),
            moves: BTreeMap::new(),
            deepest: [0; TWENTIETHS],
            attention: [0; TWENTIETHS],
            background: None,
        }
    }

    /// Adds a recording, by its number, that began then.
    pub fn add(&mut self, recording: u64, began: i64, trace: &Trace) {
        for view in trace.views.iter().filter(|view| self.pattern.fits(&view.path)) {
            let screen = screen_of(view);
            *self.screens.entry(screen).or_default() += 1;
            if screen != self.screen {
                continue;
            }
            for click in &view.clicks {
                let known = self.clicks.entry(click.place).or_default();
                known[0] += 1;
                known[1] += u64::from(click.kind == ClickKind::Rage);
                known[2] += u64::from(click.kind == ClickKind::Dead);
            }
            for (place, ms) in &view.moves {
                *self.moves.entry(*place).or_default() += u64::from(*ms);
            }
            if let Some(count) = view.deepest.and_then(|deepest| self.deepest.get_mut(usize::from(deepest))) {
                *count += 1;
            }
            for (sum, ms) in self.attention.iter_mut().zip(view.attention) {
                *sum += u64::from(ms);
            }
            let newest = |known: &(i64, Background)| began >= known.0;
            if let Some(at) = view.shown_at.filter(|_| self.background.as_ref().is_none_or(newest)) {
                let shown = Background { recording, at, window: view.window, height: view.height };
                self.background = Some((began, shown));
            }
        }
    }

    /// Page views of a screen class.
    pub fn views(&self, screen: Screen) -> u64 {
        self.screens.get(&screen).copied().unwrap_or_default()
    }

    /// The places with most clicks, the most first.
    pub fn clicks(&self) -> Vec<Clicked> {
        let most = |counts: &[u64; 3]| counts[0];
        let told =
            foremost(&self.clicks, most, PLACES_MAX).into_iter().map(|(place, [clicks, rage, dead])| {
                let (x, y) = place.middle();
                Clicked { element: place.element, x, y, clicks, rage, dead }
            });
        told.collect()
    }

    /// The places in which the pointer was longest, the longest first.
    pub fn moves(&self) -> Vec<Moved> {
        let told = foremost(&self.moves, |ms| *ms, MOVES_MAX).into_iter().map(|(place, ms)| {
            let (x, y) = place.middle();
            Moved { element: place.element, x, y, ms }
        });
        told.collect()
    }

    /// How many views came to each twentieth of the page.
    pub fn reached(&self) -> [u64; TWENTIETHS] {
        let mut reached = self.deepest;
        for at in (1..TWENTIETHS).rev() {
            reached[at - 1] += reached[at];
        }
        reached
    }

    /// For how many milliseconds each twentieth was looked at.
    pub const fn attention(&self) -> &[u64; TWENTIETHS] {
        &self.attention
    }

    /// What it is drawn over, if there is anything.
    pub fn background(&self) -> Option<Background> {
        self.background.map(|(_, background)| background)
    }
}

impl Trace {
    /// When something was first clicked in such a way on an element of such pages: any way, where none is said.
    pub fn first_click(
        &self,
        pattern: &Pattern,
        screen: Screen,
        element: u32,
        kind: Option<ClickKind>,
    ) -> Option<i64> {
        let views = self.views.iter().filter(|view| screen_of(view) == screen && pattern.fits(&view.path));
        let is_one =
            |click: &&Click| click.place.element == element && kind.is_none_or(|kind| click.kind == kind);
        views.flat_map(|view| &view.clicks).filter(is_one).map(|click| click.at).min()
    }
}

fn screen_of(view: &View) -> Screen {
    Screen::of_width(view.window.0)
}

/// So many places at most, those with most first; of equals in their order.
fn foremost<T: Copy>(places: &BTreeMap<Place, T>, most: impl Fn(&T) -> u64, count: usize) -> Vec<(Place, T)> {
    let mut told: Vec<(Place, T)> = places.iter().map(|(place, what)| (*place, *what)).collect();
    told.sort_by_key(|(_, what)| Reverse(most(what)));
    told.truncate(count);
    told
}
