//! Makes the trace of a recording: its events go by once, a stretch at a time, scene after scene.

use std::collections::HashSet;

use domain::Text;
use domain::limits::PATH_BYTES;

use super::event::{self, Event, What};
use super::fields;
use super::marks::{self, Press};
use super::page::Following;
use super::trace::{CLICKS_MAX, Click, MOVED_MAX, Place, Trace, VIEWS_MAX, View};
use crate::names::PageId;

/// Of one position up to so much counts.
const RESTS_MS: i64 = 1_000;
/// Answers nearer to one another are one, unless a click is between them.
const ANSWER_EVERY_MS: i64 = 100;

/// A click, in which view and where.
struct Pressed {
    press: Press,
    view: usize,
    place: Option<Place>,
}

/// Where the pointer is, since when, in which view.
struct Pointer {
    place: Option<Place>,
    since: i64,
    view: usize,
}

/// A trace in the making.
#[derive(Default)]
pub(crate) struct Tracer {
    page: Option<PageId>,
    /// The first view of this page.
    page_from: usize,
    views: Vec<Following>,
    /// The number of its document, and of its nodes that are fields.
    document: Option<i64>,
    fields: HashSet<i64>,
    clicks: Vec<Pressed>,
    answers: Vec<i64>,
    clicked_at: i64,
    pointer: Option<Pointer>,
    moved: usize,
    known_until: i64,
}

impl Tracer {
    /// Takes the events of a stretch, each a line. What is no event is left out.
    pub(crate) fn take(&mut self, page: PageId, path: &Text, lines: &[u8]) {
        if self.page != Some(page) {
            self.leave();
            self.page = Some(page);
            self.page_from = self.views.len();
            self.document = None;
            self.fields.clear();
        }
        for event in lines.split(|byte| *byte == b'\n').filter_map(event::read) {
            self.known_until = self.known_until.max(event.at);
            self.follow(event, path);
        }
    }

    fn follow(&mut self, event: Event<'_>, path: &Text) {
        let Event { at, what } = event;
        if let What::Meta { path: told, .. } = &what {
            let path = told.as_deref().map_or_else(|| path.clone(), |told| Text::clean(told, PATH_BYTES));
            self.come_to(&path, at);
        } else if self.views.len() == self.page_from {
            self.come_to(path, at);
        }
        self.note(at, &what);
        let Some(view) = self.views[self.page_from..].last_mut() else { return };
        view.advance(at);
        match what {
            What::Meta { window, height, .. } => view.tell(window, height),
            What::Snapshot { top, .. } => {
                view.has_tree = true;
                view.scroll(top);
            }
            What::Moves(positions) => {
                view.act(at);
                for (at, place) in positions {
                    self.point(at, place);
                }
            }
            What::Click { id, x, y, place } => {
                view.act(at);
                let press = Press { at, x, y, on_field: self.fields.contains(&id) };
                if self.clicks.len() < CLICKS_MAX {
                    self.clicks.push(Pressed { press, view: self.views.len() - 1, place });
                    self.clicked_at = self.clicked_at.max(at);
                }
            }
            What::Scroll { id, top, height } => {
                view.act(at);
                if height.is_some() || id.is_some() && id == self.document {
                    view.tell(None, height);
                    view.scroll(top);
                }
            }
            What::Size { window } => {
                view.act(at);
                view.tell(Some(window), None);
            }
            What::Input | What::Act => view.act(at),
            What::Hidden => {
                view.shown = false;
                self.lift(at);
            }
            // Coming back to a page is something done.
            What::Shown => {
                view.shown = true;
                view.act(at);
            }
            What::Mutation { .. } | What::Left | What::Other => {}
        }
    }

    /// What answers a click, and which nodes are fields.
    fn note(&mut self, at: i64, what: &What<'_>) {
        match what {
            What::Snapshot { tree, document, .. } => {
                self.document = *document;
                self.fields.clear();
                fields::find(tree, &mut |id| {
                    self.fields.insert(id);
                });
            }
            What::Mutation { change } => {
                fields::find(change, &mut |id| {
                    self.fields.insert(id);
                });
                self.answer(at);
            }
            What::Meta { .. } | What::Scroll { .. } | What::Input | What::Left => self.answer(at),
            _ => {}
        }
    }

    fn answer(&mut self, at: i64) {
        let new = |last: &i64| at < *last || at - last >= ANSWER_EVERY_MS || *last <= self.clicked_at;
        if self.answers.last().is_none_or(new) {
            self.answers.push(at);
        }
    }

    /// Another view begins where the page has another path.
    fn come_to(&mut self, path: &Text, at: i64) {
        let before = self.views[self.page_from..].last_mut();
        if before.as_ref().is_some_and(|before| before.path == *path) {
            return;
        }
        let before = before.map(|before| {
            before.advance(at);
            &*before
        });
        let view = Following::begin(path.clone(), at, before);
        if self.views.len() < VIEWS_MAX {
            self.views.push(view);
        } else {
            // What follows is of a page that is not looked at.
            self.page_from = VIEWS_MAX;
        }
    }

    /// The pointer was there then. What is told late is of the view in which it happened.
    fn point(&mut self, at: i64, place: Option<Place>) {
        self.lift(at);
        let of_page = self.views.len() - self.page_from;
        let known = self.views[self.page_from..].iter().rposition(|view| view.from <= at);
        if of_page > 0 {
            let view = self.page_from + known.unwrap_or_default();
            self.pointer = Some(Pointer { place, since: at, view });
        }
    }

    /// The pointer was where it was until then.
    fn lift(&mut self, at: i64) {
        let Some(Pointer { place: Some(place), since, view }) = self.pointer.take() else { return };
        let ms = at.saturating_sub(since).clamp(0, RESTS_MS) as u32;
        let moves = &mut self.views[view].moves;
        if let Some(known) = moves.get_mut(&place) {
            *known = known.saturating_add(ms);
        } else if ms > 0 && self.moved < MOVED_MAX {
            moves.insert(place, ms);
            self.moved += 1;
        }
    }

    /// Nothing more comes of this page.
    fn leave(&mut self) {
        if let Some(last) = self.views[self.page_from.min(self.views.len())..].last() {
            self.lift(last.until);
        }
        self.pointer = None;
    }

    /// The trace of all that went by.
    pub(crate) fn finish(mut self) -> Trace {
        self.leave();
        self.clicks.sort_by_key(|click| click.press.at);
        self.answers.sort_unstable();
        let presses: Vec<Press> = self.clicks.iter().map(|click| click.press).collect();
        let kinds = marks::judge(&presses, &self.answers, self.known_until);
        let mut views: Vec<Option<View>> = self.views.into_iter().map(Following::finish).collect();
        for (Pressed { press, view, place }, kind) in self.clicks.into_iter().zip(kinds) {
            if let (Some(Some(view)), Some(place)) = (views.get_mut(view), place) {
                view.clicks.push(Click { place, at: press.at, kind });
            }
        }
        Trace { views: views.into_iter().flatten().collect() }
    }
}
