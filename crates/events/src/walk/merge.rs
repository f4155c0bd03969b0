//! Brings one slice's visitors together from all runs, each visitor's rows in order of (time, arrival).

use std::ops::Range as Rows;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::batch::{Layout, Piece};
use super::sieve::Sifter;
use super::{Reach, Who};
use crate::aliases::Moved;
use crate::query::Range;
use crate::rows::{Run, Spine, VisitorKey};
use crate::store::View;

/// A run's next visitor in the slice. Heads are moved about all the time, so they are kept small.
struct Head {
    key: VisitorKey,
    run: u32,
    /// The visitor's place in the run, and where the slice ends there.
    at: u32,
    end: u32,
    /// Whether it is one visitor alone, who stands elsewhere in the run and is counted as `key`.
    moved: bool,
}

/// What is known of all rows of a run.
struct Span {
    /// No row is before or after these.
    first: i64,
    last: i64,
    /// Whether there may be rows outside the window.
    may_clip: bool,
}

/// Rows of one visitor in one run.
#[derive(Clone, Copy)]
struct Part {
    run: usize,
    start: usize,
    end: usize,
    /// Whether the visitor is counted as another.
    moved: bool,
}

/// Whose rows are laid out.
enum Chosen<'a> {
    Everybody,
    Sifted(Sifter<'a>),
    These(&'a [VisitorKey]),
}

/// Merges runs, slice by slice.
pub(crate) struct Merge<'a> {
    runs: &'a [Run],
    /// Who is not counted as themselves, a run each; nothing where everybody is.
    moved: &'a [Arc<Moved>],
    spans: Vec<Span>,
    window: Range,
    /// Where all visitors are laid out, in ascending order of (key, run): the next one is at the front, and a run
    /// that moves on usually keeps its place or nearly so, which is cheaper here than any tree.
    heads: Vec<Head>,
    /// Of the slice, as whom visitors of which run are counted, and their places; ascending.
    arriving: Vec<(VisitorKey, u32, u32)>,
    parts: Vec<Part>,
    rows: Vec<(i64, usize, usize)>,
    seen: FxHashSet<u128>,
    seen_of: FxHashSet<(VisitorKey, u128)>,
    chosen: Chosen<'a>,
    /// On which sides rows were left out because they lie outside the window.
    pub(crate) clipped: Reach,
}

impl<'a> Merge<'a> {
    pub(crate) fn new(view: &'a View, window: Range, who: Who<'a>) -> Self {
        let (runs, moved) = (&view.runs, &view.moved);
        let (heads, arriving, parts, rows) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let chosen = match who {
            Who::Everybody => Chosen::Everybody,
            Who::Sifted(sieve) => Chosen::Sifted(Sifter::new(sieve, window)),
            Who::These(visitors) => Chosen::These(visitors),
        };
        let span = |run: &Run| {
            let (first, last) = (run.spine.base.0, run.spine.base.0 + i64::from(run.spine.latest));
            Span { first, last, may_clip: first < window.start.0 || last >= window.end.0 }
        };
        Self {
            runs,
            moved,
            spans: runs.iter().map(span).collect(),
            window,
            heads,
            arriving,
            parts,
            rows,
            seen: FxHashSet::default(),
            seen_of: FxHashSet::default(),
            chosen,
            clipped: Reach::default(),
        }
    }

    /// Lays out the rows of the chosen visitors from `from` on and before `to`; returns how many rows there were.
    pub(crate) fn fill(&mut self, from: VisitorKey, to: Option<VisitorKey>, layout: &mut Layout) -> u64 {
        layout.clear();
        self.begin(from, to);
        let mut chosen = std::mem::replace(&mut self.chosen, Chosen::Everybody);
        let rows = match &mut chosen {
            Chosen::Everybody => {
                self.part_the_moved();
                self.fill_with_all(layout)
            }
            Chosen::Sifted(sifter) => {
                sifter.clear();
                for head in &self.heads {
                    let (run, places) = (head.run as usize, head.at..head.end);
                    sifter.sift(&self.runs[run], places, self.moved.get(run).map(AsRef::as_ref));
                }
                for (as_whom, run, place) in &self.arriving {
                    sifter.sift_moved(&self.runs[*run as usize], *place as usize, *as_whom);
                }
                sifter.finish();
                self.fill_with(&sifter.wanted, layout)
            }
            Chosen::These(visitors) => {
                let place = |key: VisitorKey| visitors.partition_point(|visitor| *visitor < key);
                self.fill_with(&visitors[place(from)..to.map_or(visitors.len(), place)], layout)
            }
        };
        self.chosen = chosen;
        rows
    }

    fn fill_with_all(&mut self, layout: &mut Layout) -> u64 {
        self.heads.sort_unstable_by_key(|head| (head.key, head.run));
        let mut rows = 0;
        let mut first = 0;
        while let Some(head) = self.heads.get(first) {
            let key = head.key;
            let alone = !head.moved && !self.spans[head.run as usize].may_clip;
            if alone && self.heads.get(first + 1).is_none_or(|next| next.key != key) {
                rows += self.lay_alone(first, layout);
                first += usize::from(self.heads[first].at == self.heads[first].end);
                continue;
            }
            self.parts.clear();
            while let Some(head) = self.heads.get_mut(first)
                && head.key == key
            {
                let spine = &self.runs[head.run as usize].spine;
                let part = part(spine, head);
                rows += (part.end - part.start) as u64;
                self.parts.push(part);
                head.at += 1;
                if head.at == head.end {
                    first += 1;
                } else {
                    head.key = spine.visitors[head.at as usize];
                    sink(&mut self.heads[first..]);
                }
            }
            self.lay_visitor(layout);
        }
        rows
    }

    /// Lays out visitors who have rows in one run only, all of them in the window, up to the next that another run
    /// has, too.
    fn lay_alone(&mut self, first: usize, layout: &mut Layout) -> u64 {
        let bound = self.heads.get(first + 1).map(|next| next.key);
        let head = &mut self.heads[first];
        let spine = &self.runs[head.run as usize].spine;
        let start = spine.starts[head.at as usize];
        let mut end = start;
        let visitors = spine.visitors[head.at as usize..head.end as usize].iter();
        for (visitor, next) in visitors.zip(&spine.starts[head.at as usize + 1..]) {
            if bound.is_some_and(|bound| *visitor >= bound) {
                break;
            }
            layout.end_visitor_after(next - end);
            end = *next;
            head.at += 1;
        }
        layout.push(Piece { run: head.run, start, end });
        if head.at < head.end {
            head.key = spine.visitors[head.at as usize];
            sink(&mut self.heads[first..]);
        }
        u64::from(end - start)
    }

    /// Lays out the rows of some visitors, which ascend, and all of whom are counted as themselves; returns how many
    /// rows there were.
    fn fill_with(&mut self, wanted: &[VisitorKey], layout: &mut Layout) -> u64 {
        let mut rows = 0;
        let mut arrived = 0;
        for key in wanted {
            self.parts.clear();
            while let Some((as_whom, run, place)) = self.arriving.get(arrived)
                && as_whom <= key
            {
                if as_whom == key {
                    let spine = &self.runs[*run as usize].spine;
                    let part = Part { moved: true, ..part_at(spine, *run, *place) };
                    rows += (part.end - part.start) as u64;
                    self.parts.push(part);
                }
                arrived += 1;
            }
            for head in &mut self.heads {
                let spine = &self.runs[head.run as usize].spine;
                head.at = find(&spine.visitors[..head.end as usize], head.at as usize, *key) as u32;
                if head.at < head.end && spine.visitors[head.at as usize] == *key {
                    let part = part(spine, head);
                    rows += (part.end - part.start) as u64;
                    self.parts.push(part);
                }
            }
            self.lay_visitor(layout);
        }
        rows
    }

    /// Where the slice begins and ends in each run, in order of arrival, and who else is counted in it.
    fn begin(&mut self, from: VisitorKey, to: Option<VisitorKey>) {
        self.heads.clear();
        self.arriving.clear();
        for (run, moved) in self.moved.iter().enumerate() {
            let here = moved.arriving(from, to).iter();
            self.arriving.extend(here.map(|(as_whom, place)| (*as_whom, run as u32, *place)));
        }
        self.arriving.sort_unstable();
        for (run, rows) in self.runs.iter().enumerate() {
            let visitors = &rows.spine.visitors;
            let at = visitors.partition_point(|key| *key < from);
            let end = to.map_or(visitors.len(), |to| at + visitors[at..].partition_point(|key| *key < to));
            if at < end {
                let (run, at, end) = (run as u32, at as u32, end as u32);
                self.heads.push(Head { key: visitors[at as usize], run, at, end, moved: false });
            }
        }
    }

    /// Makes several heads of each, so that nobody stands where they are not counted, and one of each who is counted
    /// here and stands elsewhere.
    fn part_the_moved(&mut self) {
        if self.moved.is_empty() {
            return;
        }
        for head in std::mem::take(&mut self.heads) {
            let visitors = &self.runs[head.run as usize].spine.visitors;
            let stretches = self.moved[head.run as usize].around(head.at..head.end);
            let part =
                |of: Rows<u32>| Head { key: visitors[of.start as usize], at: of.start, end: of.end, ..head };
            self.heads.extend(stretches.map(part));
        }
        let arriving = |(key, run, at): &(VisitorKey, u32, u32)| Head {
            key: *key,
            run: *run,
            at: *at,
            end: at + 1,
            moved: true,
        };
        self.heads.extend(self.arriving.iter().map(arriving));
    }

    /// Lays out the visitor whose rows are `self.parts`, which are in order of arrival.
    fn lay_visitor(&mut self, layout: &mut Layout) {
        for index in 0..self.parts.len() {
            self.clip(index);
        }
        self.parts.retain(|part| part.start < part.end);
        if self.parts.is_empty() {
            return;
        }
        if self.parts.len() == 1 || self.runs_stand_apart() || self.stand_apart() {
            self.parts.iter().for_each(|part| layout.push(piece(*part)));
        } else {
            self.interleave(layout);
        }
        layout.end_visitor();
    }

    /// Leaves out the rows outside the window.
    fn clip(&mut self, index: usize) {
        let part = &mut self.parts[index];
        let spine = &self.runs[part.run].spine;
        if part.start == part.end || !self.spans[part.run].may_clip {
            return;
        }
        if at(spine, part.start) < self.window.start.0 {
            self.clipped.before = true;
            part.start += count_before(spine, *part, self.window.start.0);
        }
        if part.start < part.end && at(spine, part.end - 1) >= self.window.end.0 {
            self.clipped.after = true;
            part.end = part.start + count_before(spine, *part, self.window.end.0);
        }
    }

    /// Whether already the runs of the parts stand one after the other, no id in two: most months do.
    fn runs_stand_apart(&self) -> bool {
        let with_ids = self.parts.iter().filter(|part| !self.runs[part.run].spine.ids.is_empty()).count();
        let follow = |pair: &[Part]| self.spans[pair[0].run].last < self.spans[pair[1].run].first;
        with_ids < 2 && self.parts.windows(2).all(follow)
    }

    /// Puts the parts in order of time and says whether they then stand one after the other, no id in two.
    fn stand_apart(&mut self) -> bool {
        let runs = self.runs;
        let has_ids = |part: &&Part| runs[part.run].spine.ids.any_in(part.start..part.end);
        let with_ids = self.parts.iter().filter(has_ids).count();
        let first = |part: &Part| (at(&runs[part.run].spine, part.start), part.run);
        if !self.parts.is_sorted_by_key(first) {
            self.parts.sort_unstable_by_key(first);
        }
        with_ids < 2
            && self.parts.windows(2).all(|pair| {
                let last = at(&runs[pair[0].run].spine, pair[0].end - 1);
                (last, pair[0].run) < first(&pair[1])
            })
    }

    /// Row by row: in order of (time, arrival), and of rows with the same id the first.
    fn interleave(&mut self, layout: &mut Layout) {
        if self.parts.iter().any(|part| part.moved) {
            return self.interleave_moved(layout);
        }
        self.rows.clear();
        self.seen.clear();
        for part in &self.parts {
            let spine = &self.runs[part.run].spine;
            self.rows.extend((part.start..part.end).map(|row| (at(spine, row), part.run, row)));
        }
        self.rows.sort_unstable();
        for (_, run, row) in self.rows.drain(..) {
            let id = self.runs[run].spine.ids.of(row);
            if id == 0 || self.seen.insert(id) {
                layout.push(row_alone(run, row));
            }
        }
    }

    /// The same where some rows came with another visitor's id: an event is the same only if that is the same, too, so
    /// that as many are counted as without the alias.
    fn interleave_moved(&mut self, layout: &mut Layout) {
        self.rows.clear();
        self.seen_of.clear();
        for part in &self.parts {
            let spine = &self.runs[part.run].spine;
            self.rows.extend((part.start..part.end).map(|row| (at(spine, row), part.run, row)));
        }
        self.rows.sort_unstable();
        for (_, run, row) in self.rows.drain(..) {
            let spine = &self.runs[run].spine;
            let id = spine.ids.of(row);
            if id == 0 || self.seen_of.insert((spine.visitor_of(row), id)) {
                layout.push(row_alone(run, row));
            }
        }
    }
}

/// The first place from `from` on that is not before `key`: near ones are found at once, far ones by doubling.
fn find(visitors: &[VisitorKey], mut from: usize, key: VisitorKey) -> usize {
    let mut step = 1;
    while visitors.get(from + step).is_some_and(|visitor| *visitor < key) {
        from += step;
        step *= 2;
    }
    let to = visitors.len().min(from + step);
    from + visitors[from..to].partition_point(|visitor| *visitor < key)
}

/// Moves the first head to its place in the order.
fn sink(heads: &mut [Head]) {
    let mut at = 0;
    while at + 1 < heads.len() && (heads[at].key, heads[at].run) > (heads[at + 1].key, heads[at + 1].run) {
        heads.swap(at, at + 1);
        at += 1;
    }
}

/// The rows of a head's visitor.
fn part(spine: &Spine, head: &Head) -> Part {
    Part { moved: head.moved, ..part_at(spine, head.run, head.at) }
}

/// The rows of the visitor at a place of a run.
fn part_at(spine: &Spine, run: u32, place: u32) -> Part {
    let place = place as usize;
    let (start, end) = (spine.starts[place] as usize, spine.starts[place + 1] as usize);
    Part { run: run as usize, start, end, moved: false }
}

fn at(spine: &Spine, row: usize) -> i64 {
    spine.base.0 + i64::from(spine.times[row])
}

fn count_before(spine: &Spine, part: Part, moment: i64) -> usize {
    spine.times[part.start..part.end].partition_point(|time| spine.base.0 + i64::from(*time) < moment)
}

const fn row_alone(run: usize, row: usize) -> Piece {
    Piece { run: run as u32, start: row as u32, end: row as u32 + 1 }
}

const fn piece(part: Part) -> Piece {
    Piece { run: part.run as u32, start: part.start as u32, end: part.end as u32 }
}
