//! One slice's rows as plain arrays: dense, in order of (visitor, time), whatever runs they came from.

use std::ops::Range;

use domain::Event;

use super::visits::Visits;
use crate::aliases::Moves;
use crate::dictionary::EMPTY;
use crate::rows::{Codes, Column, Run, VisitorKey};
use crate::store::View;
use crate::stretches;

/// What an event is to a visit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// Tells of time and scrolling; opens nothing and counts for nothing.
    #[default]
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

    /// Ends visitors one after another whose rows are pushed together afterwards, each with so many of them.
    pub(crate) fn end_visitor_after(&mut self, rows: u32) {
        let before = self.visitor_ends.last().copied().unwrap_or_default();
        self.visitor_ends.push(before + rows);
    }
}

/// Writes what `turn` makes of the codes of some rows to `to`, from place `at` on.
fn copy_codes<T: Copy>(codes: &Codes, rows: Range<usize>, to: &mut [T], at: usize, turn: impl Fn(u32) -> T) {
    match codes {
        Codes::Constant(code) => stretches::fill(to, at..at + rows.len(), turn(*code)),
        Codes::U8(codes) => stretches::copy(codes, rows, to, at, |code| turn(code.into())),
        Codes::U16(codes) => stretches::copy(codes, rows, to, at, |code| turn(code.into())),
        Codes::U32(codes) => stretches::copy(codes, rows, to, at, turn),
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
    moves: &'a Moves,
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
            moves: &view.moves,
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
        let rows = self.layout.rows as usize;
        stretches::make_room(&mut self.times, rows);
        stretches::make_room(&mut self.kinds, rows);
        let mut at = 0;
        let (names, interactive) = (self.columns(Column::Name), self.columns(Column::Interactive));
        for piece in &self.layout.pieces {
            let run = piece.run as usize;
            let (start, end) = (piece.start as usize, piece.end as usize);
            let spine = &self.runs[run].spine;
            let base = spine.base.0;
            stretches::copy(&spine.times, start..end, &mut self.times, at, |time| base + i64::from(time));
            let kind = |name: u32| self.kind_of_name[name as usize];
            copy_codes(names[run], start..end, &mut self.kinds, at, kind);
            if self.interactive && !matches!(interactive[run], Codes::Constant(1)) {
                for (kind, row) in self.kinds[at..].iter_mut().zip(start..end) {
                    if *kind == Kind::Interactive && interactive[run].at(row) == 0 {
                        *kind = Kind::Passive;
                    }
                }
            }
            at += end - start;
        }
        self.times.truncate(rows);
        self.kinds.truncate(rows);
    }

    /// The codes of `column`, a row each.
    pub(crate) fn gather(&self, column: Column, codes: &mut Vec<u32>) {
        stretches::make_room(codes, self.times.len());
        let columns = self.columns(column);
        let mut at = 0;
        for piece in &self.layout.pieces {
            let (start, end) = (piece.start as usize, piece.end as usize);
            copy_codes(columns[piece.run as usize], start..end, codes, at, |code| code);
            at += end - start;
        }
        codes.truncate(self.times.len());
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

    /// As whose row `row` of the batch is counted.
    pub(crate) fn visitor_of(&self, row: u32) -> VisitorKey {
        let mut from = 0;
        let holds = |piece: &&Piece| {
            from += piece.end - piece.start;
            row < from
        };
        let piece = self.layout.pieces.iter().find(holds).expect("a row of the batch lies in a piece of it");
        let visitor = self.runs[piece.run as usize].spine.visitor_of((piece.end - (from - row)) as usize);
        self.moves.counts_as(visitor).unwrap_or(visitor)
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
