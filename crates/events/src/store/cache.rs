//! Decoded columns of segments, held within a budget of bytes; the longest unused go first.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::aliases::Moved;
use crate::catalog::SegmentId;
use crate::rows::{Codes, Column, Spine};

/// What is held of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    Spine,
    Column(Column),
    Moved,
}

#[derive(Clone, Debug)]
enum Held {
    Spine(Arc<Spine>),
    Column(Arc<Codes>),
    /// With the version of what was said of the site's visitors.
    Moved(u64, Arc<Moved>),
}

impl Held {
    fn bytes(&self) -> usize {
        match self {
            Self::Spine(spine) => spine.bytes(),
            Self::Column(codes) => codes.bytes(),
            Self::Moved(_, moved) => moved.bytes(),
        }
    }
}

#[derive(Debug)]
struct Entry {
    held: Held,
    /// When it was last asked for, in askings.
    used: u64,
}

/// Decoded columns by segment.
#[derive(Debug, Default)]
pub(super) struct Cache {
    entries: FxHashMap<(SegmentId, Part), Entry>,
    budget: usize,
    bytes: usize,
    asked: u64,
}

impl Cache {
    pub(super) fn new(budget: usize) -> Self {
        Self { budget, ..Self::default() }
    }

    /// The spine of a segment, if it is held.
    pub(super) fn spine(&mut self, id: SegmentId) -> Option<Arc<Spine>> {
        match self.ask((id, Part::Spine))? {
            Held::Spine(spine) => Some(spine),
            Held::Column(_) | Held::Moved(..) => None,
        }
    }

    /// A column of a segment, if it is held.
    pub(super) fn column(&mut self, id: SegmentId, column: Column) -> Option<Arc<Codes>> {
        match self.ask((id, Part::Column(column)))? {
            Held::Column(codes) => Some(codes),
            Held::Spine(_) | Held::Moved(..) => None,
        }
    }

    /// Who is not counted as themselves in a segment, if it is held and of that version.
    pub(super) fn moved(&mut self, id: SegmentId, version: u64) -> Option<Arc<Moved>> {
        match self.ask((id, Part::Moved))? {
            Held::Moved(of, moved) if of == version => Some(moved),
            _ => None,
        }
    }

    /// All columns that are held.
    pub(super) fn columns(&self) -> impl Iterator<Item = (SegmentId, Column, &Arc<Codes>)> {
        self.entries.iter().filter_map(|((id, part), entry)| match (part, &entry.held) {
            (Part::Column(column), Held::Column(codes)) => Some((*id, *column, codes)),
            _ => None,
        })
    }

    fn ask(&mut self, key: (SegmentId, Part)) -> Option<Held> {
        self.asked += 1;
        let entry = self.entries.get_mut(&key)?;
        entry.used = self.asked;
        Some(entry.held.clone())
    }

    pub(super) fn hold_spine(&mut self, id: SegmentId, spine: Arc<Spine>) {
        self.hold((id, Part::Spine), Held::Spine(spine));
    }

    pub(super) fn hold_column(&mut self, id: SegmentId, column: Column, codes: Arc<Codes>) {
        self.hold((id, Part::Column(column)), Held::Column(codes));
    }

    pub(super) fn hold_moved(&mut self, id: SegmentId, version: u64, moved: Arc<Moved>) {
        self.hold((id, Part::Moved), Held::Moved(version, moved));
    }

    fn hold(&mut self, key: (SegmentId, Part), held: Held) {
        self.asked += 1;
        self.bytes += held.bytes();
        let entry = Entry { held, used: self.asked };
        if let Some(before) = self.entries.insert(key, entry) {
            self.bytes -= before.held.bytes();
        }
    }

    /// Lets go of what was unused longest, until what is held and `beside` it fit the budget.
    pub(super) fn shrink(&mut self, beside: usize) {
        if self.bytes + beside <= self.budget {
            return;
        }
        let mut by_use: Vec<_> = self.entries.iter().map(|(key, entry)| (entry.used, *key)).collect();
        by_use.sort_unstable_by_key(|(used, _)| *used);
        for (_, key) in by_use {
            if self.bytes + beside <= self.budget {
                break;
            }
            if let Some(entry) = self.entries.remove(&key) {
                self.bytes -= entry.held.bytes();
            }
        }
    }

    /// Lets go of all segments but those that `live` says.
    pub(super) fn keep_only(&mut self, live: impl Fn(SegmentId) -> bool) {
        self.entries.retain(|(id, _), _| live(*id));
        self.bytes = self.entries.values().map(|entry| entry.held.bytes()).sum();
    }

    /// The bytes it may hold.
    pub(super) fn budget(&self) -> usize {
        self.budget
    }
}
