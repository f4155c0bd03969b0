//! One slice's rows as plain arrays: dense, in order of (visitor, time), whatever runs they came from.

use domain::Event;

use super::visits::Visits;
use crate::dictionary::EMPTY;
use crate::rows::{Codes, Column, Run};
use crate::store::View;

/// What an event is to a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// Tells of time and scrolling; opens nothing and counts for nothing.
    Engagement = 0,
    Pageview = 1,
    /// A custom event that speaks of a visitor's act.
    Interactive = 2,
    /// Any other custom event.
    Passive = 3,
}

/// Consecutive rows of one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) run: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Where a batch's rows come from, in its order.
#[derive(Default)]
pub(crate) struct Layout {
    pub(crate) pieces: Vec<Piece>,
    /// Where each visitor's rows end in the batch.
    pub(crate) visitor_ends: Vec<u32>,
    rows: u32,
}

impl Layout {
    pub(crate) fn clear(&mut self) {
        self.pieces.clear();
        self.visitor_ends.clear();
        self.rows = 0;
    }

    pub(crate) fn push(&mut self, piece: Piece) {
        self.rows += piece.end - piece.start;
        match self.pieces.last_mut() {
            Some(last) if last.run == piece.run && last.end == piece.start => last.end = piece.end,
            _ => self.pieces.push(piece),
        }
    }

    pub(crate) fn end_visitor(&mut self) {
        self.visitor_ends.push(self.rows);
    }
}

/// Where some rows of a batch lie: for each run, each row's place among them and its place in the run.
#[derive(Default)]
pub(crate) struct Located {
    count: usize,
    by_run: Vec<Vec<(u32, u32)>>,
}

/// One slice of a walk.
pub(crate) struct Batch<'a> {
    runs: &'a [Run],
    pub(crate) layout: Layout,
    /// Moments in milliseconds since 1970, a row each.
    pub(crate) times: Vec<i64>,
    /// A row each.
    pub(crate) kinds: Vec<Kind>,
    /// The visits, in order of (visitor, time).
    pub(crate) visits: Visits,
    /// For each code of a name, the kind of event it names.
    kind_of_name: Vec<Kind>,
    interactive: bool,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(view: &'a View, interactive: bool) -> Self {
        let kind_of_name = view.dictionaries.of(Column::Name).judge(|name| match name {
            Event::PAGEVIEW => Kind::Pageview,
            Event::ENGAGEMENT => Kind::Engagement,
            _ => Kind::Interactive,
        });
        Self {
            runs: &view.runs,
            layout: Layout::default(),
            times: Vec::new(),
            kinds: Vec::new(),
            visits: Visits::default(),
            kind_of_name,
            interactive,
        }
    }

    /// Fills `times` and `kinds` from the layout.
    pub(crate) fn read_rows(&mut self) {
        self.times.clear();
        self.kinds.clear();
        let (names, interactive) = (self.columns(Column::Name), self.columns(Column::Interactive));
        for piece in &self.layout.pieces {
            let run = piece.run as usize;
            let (start, end) = (piece.start as usize, piece.end as usize);
            let spine = &self.runs[run].spine;
            let base = spine.base.0;
            self.times.extend(spine.times[start..end].iter().map(|time| base + i64::from(*time)));
            let kind = |name: u32| self.kind_of_name[name as usize];
            match names[run] {
                Codes::Constant(name) => self.kinds.extend(std::iter::repeat_n(kind(*name), end - start)),
                Codes::U8(names) => {
                    self.kinds.extend(names[start..end].iter().map(|name| kind((*name).into())));
                }
                Codes::U16(names) => {
                    self.kinds.extend(names[start..end].iter().map(|name| kind((*name).into())));
                }
                Codes::U32(names) => self.kinds.extend(names[start..end].iter().map(|name| kind(*name))),
            }
            if self.interactive {
                let first = self.kinds.len() - (end - start);
                for (kind, row) in self.kinds[first..].iter_mut().zip(start..) {
                    if *kind == Kind::Interactive && interactive[run].at(row) == 0 {
                        *kind = Kind::Passive;
                    }
                }
            }
        }
    }

    /// The codes of `column`, a row each.
    pub(crate) fn gather(&self, column: Column, codes: &mut Vec<u32>) {
        codes.clear();
        codes.reserve(self.times.len());
        let columns = self.columns(column);
        for piece in &self.layout.pieces {
            let (start, end) = (piece.start as usize, piece.end as usize);
            match columns[piece.run as usize] {
                Codes::Constant(code) => codes.extend(std::iter::repeat_n(*code, end - start)),
                Codes::U8(narrow) => codes.extend(narrow[start..end].iter().map(|code| u32::from(*code))),
                Codes::U16(narrow) => codes.extend(narrow[start..end].iter().map(|code| u32::from(*code))),
                Codes::U32(wide) => codes.extend_from_slice(&wide[start..end]),
            }
        }
    }

    /// Where `rows` of the batch lie in their runs; rows ascend, and [`super::NONE`] among them lies nowhere.
    pub(crate) fn locate(&self, rows: &[u32], located: &mut Located) {
        located.count = rows.len();
        located.by_run.iter_mut().for_each(Vec::clear);
        located.by_run.resize_with(self.runs.len(), Vec::new);
        let mut pieces = self.layout.pieces.iter();
        let mut piece = Piece { run: 0, start: 0, end: 0 };
        let (mut from, mut to) = (0, 0);
        for (place, row) in rows.iter().enumerate().filter(|(_, row)| **row != super::NONE) {
            while *row >= to {
                piece = *pieces.next().expect("a row of the batch lies in a piece of it");
                (from, to) = (to, to + piece.end - piece.start);
            }
            located.by_run[piece.run as usize].push((place as u32, piece.start + (*row - from)));
        }
    }

    /// The codes of `column` at located rows; the empty text where there is no row.
    pub(crate) fn gather_at(&self, column: Column, located: &Located, codes: &mut Vec<u32>) {
        codes.clear();
        codes.resize(located.count, EMPTY);
        for (rows, column) in located.by_run.iter().zip(self.columns(column)) {
            let places = rows.iter();
            match column {
                Codes::Constant(code) => places.for_each(|(place, _)| codes[*place as usize] = *code),
                Codes::U8(of) => {
                    places.for_each(|(place, row)| codes[*place as usize] = of[*row as usize].into());
                }
                Codes::U16(of) => {
                    places.for_each(|(place, row)| codes[*place as usize] = of[*row as usize].into());
                }
                Codes::U32(of) => places.for_each(|(place, row)| codes[*place as usize] = of[*row as usize]),
            }
        }
    }

    /// A run that was loaded without the column counts as empty text throughout.
    fn columns(&self, column: Column) -> Vec<&'a Codes> {
        static EMPTY_TEXT: Codes = Codes::Constant(EMPTY);
        self.runs.iter().map(|run| run.column(column).map_or(&EMPTY_TEXT, AsRef::as_ref)).collect()
    }
}
