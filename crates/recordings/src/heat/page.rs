//! One page view while its events go by: how far down the window was, what was looked at, and where the pointer was.

use std::collections::BTreeMap;

use domain::Text;

use super::trace::{Place, TWENTIETHS, View};

/// How long after something was done the page is taken to be looked at.
const LOOKED_AT_MS: i64 = 10_000;
/// How long after a page view began it is shown as the ground of a heatmap, so that what a program draws is there.
const DRAWN_AFTER_MS: i64 = 2_000;
/// Places of the window that are remembered one by one, until the height of the page that was told last is taken for them.
const SPANS_MAX: usize = 4_096;

/// A page view that is followed.
pub(super) struct Following {
    pub(super) path: Text,
    pub(super) from: i64,
    pub(super) until: i64,
    pub(super) shown: bool,
    pub(super) window: Option<(u32, u32)>,
    /// The window that it began with.
    began_with: Option<(u32, u32)>,
    height: Option<u32>,
    /// How far down the window is, and the lowest pixel that was in it.
    top: u32,
    lowest: u32,
    /// Until when it is taken to be looked at.
    looked_until: i64,
    /// For how long the window was where, since that was put to twentieths.
    spans: BTreeMap<(u32, u32), i64>,
    attention: [u32; TWENTIETHS],
    pub(super) moves: BTreeMap<Place, u32>,
    /// Whether its tree was told, by a snapshot in it or before it.
    pub(super) has_tree: bool,
}

impl Following {
    /// A page view that begins. Coming to a page is something done.
    pub(super) fn begin(path: Text, at: i64, before: Option<&Self>) -> Self {
        Self {
            path,
            from: at,
            until: at,
            shown: before.is_none_or(|before| before.shown),
            window: before.and_then(|before| before.window),
            began_with: None,
            height: before.and_then(|before| before.height),
            // A page that changes its address without being loaded begins at its top, unless a scroll says otherwise.
            top: 0,
            lowest: 0,
            looked_until: at.saturating_add(LOOKED_AT_MS),
            spans: BTreeMap::new(),
            attention: [0; TWENTIETHS],
            moves: BTreeMap::new(),
            has_tree: before.is_some_and(|before| before.has_tree),
        }
    }

    /// Time goes on until then.
    pub(super) fn advance(&mut self, at: i64) {
        let looked = at.min(self.looked_until).saturating_sub(self.until);
        if let (true, true, Some((_, height))) = (self.shown, looked > 0, self.window) {
            let span = (self.top, self.top.saturating_add(height));
            *self.spans.entry(span).or_default() += looked;
            if self.spans.len() > SPANS_MAX {
                self.settle();
            }
        }
        self.until = self.until.max(at);
    }

    /// Somebody did something then.
    pub(super) fn act(&mut self, at: i64) {
        self.looked_until = self.looked_until.max(at.saturating_add(LOOKED_AT_MS));
    }

    pub(super) fn tell(&mut self, window: Option<(u32, u32)>, height: Option<u32>) {
        self.window = window.or(self.window);
        self.began_with = self.began_with.or(self.window);
        self.height = height.or(self.height);
        self.see();
    }

    /// The window is so far down.
    pub(super) fn scroll(&mut self, top: u32) {
        self.top = top;
        self.see();
    }

    fn see(&mut self) {
        let height = self.window.map_or(0, |(_, height)| height);
        self.lowest = self.lowest.max(self.top.saturating_add(height));
    }

    /// Puts what was looked at to twentieths of the page, as tall as it is now.
    fn settle(&mut self) {
        for ((top, bottom), ms) in std::mem::take(&mut self.spans) {
            let Some(height) = self.height.filter(|height| *height > 0) else { continue };
            let ms = u32::try_from(ms).unwrap_or(u32::MAX);
            for (at, attention) in self.attention.iter_mut().enumerate() {
                let (from, to) = (at as u64 * u64::from(height), (at as u64 + 1) * u64::from(height));
                let scaled = |pixel: u32| u64::from(pixel) * TWENTIETHS as u64;
                if from < scaled(bottom) && to > scaled(top) {
                    *attention = attention.saturating_add(ms);
                }
            }
        }
    }

    /// The view; none where the window's size was never told.
    pub(super) fn finish(mut self) -> Option<View> {
        self.settle();
        let height = self.height.filter(|height| *height > 0);
        let deepest = height.map(|height| {
            let twentieths = (u64::from(self.lowest) * TWENTIETHS as u64).div_ceil(u64::from(height));
            twentieths.clamp(1, TWENTIETHS as u64) as u8 - 1
        });
        let shown_at = self.until.min(self.from.saturating_add(DRAWN_AFTER_MS));
        Some(View {
            path: self.path,
            from: self.from,
            window: self.began_with?,
            height,
            shown_at: self.has_tree.then_some(shown_at),
            clicks: Vec::new(),
            moves: self.moves.into_iter().collect(),
            deepest,
            attention: self.attention,
        })
    }
}
