//! Filters as sets of codes, decided once per walk over the site's dictionaries, and applied to whole batches.

use domain::Timestamp;

use super::labels::{Place, Source, judged};
use crate::dictionary::{Dictionaries, EMPTY};
use crate::query::{Filter, Range};
use crate::walk::{Batch, Kind, RowTest};

/// A filter in terms of codes. `source` is a position in the plan's sources.
#[derive(Debug)]
pub(crate) enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    /// The visit has an event in the range that passes.
    Done(Box<Test>),
    Code {
        source: usize,
        place: Place,
        passes: Vec<bool>,
    },
}

/// What is counted: a range, and the tests that an event and its visit must pass.
#[derive(Debug)]
pub(crate) struct Selection {
    pub(crate) range: Range,
    /// On the visit alone.
    pub(crate) of_visits: Option<Test>,
    /// On each event.
    pub(crate) of_events: Option<Test>,
}

/// Which visits and rows of one batch a selection holds; absent where it holds all that lie in its range.
#[derive(Default)]
pub(crate) struct Selected {
    pub(crate) visits: Option<Vec<bool>>,
    pub(crate) rows: Option<Vec<bool>>,
}

impl Selected {
    /// Whether a visit counts as one: it meets the range, passes, and has an event in the range that does.
    pub(crate) fn counts(&self, batch: &Batch<'_>, range: Range, visit: usize) -> bool {
        self.meets(batch, range, visit)
            && self.rows.as_ref().is_none_or(|rows| owns(batch, range, rows, visit))
    }

    /// Whether a visit meets the range and passes the tests on visits.
    pub(crate) fn meets(&self, batch: &Batch<'_>, range: Range, visit: usize) -> bool {
        let visits = &batch.visits;
        visits.start[visit] < range.end.0 && visits.last[visit] >= range.start.0 && self.passes(visit)
    }

    /// Whether a visit passes the tests on visits.
    pub(crate) fn passes(&self, visit: usize) -> bool {
        self.visits.as_ref().is_none_or(|passed| passed[visit])
    }
}

impl Selection {
    pub(crate) fn new(
        range: Range,
        filters: &[Filter],
        dictionaries: &Dictionaries,
        source_id: &mut impl FnMut(Source) -> usize,
    ) -> Self {
        let (of_events, of_visits): (Vec<_>, Vec<_>) =
            filters.iter().partition(|filter| filter.is_of_events());
        let mut test = |filters: Vec<&Filter>| {
            let tests: Vec<_> =
                filters.into_iter().map(|filter| Test::new(filter, dictionaries, source_id)).collect();
            (!tests.is_empty()).then_some(Test::All(tests))
        };
        Self { range, of_visits: test(of_visits), of_events: test(of_events) }
    }

    /// What at least one row of a visitor must be for anything of the visitor to be selected; `None` where the
    /// tests do not tell. Of what must hold at one place, all must hold in the same row.
    pub(crate) fn row_test(&self, sources: &[Source]) -> Option<RowTest> {
        let mut codes = Vec::new();
        self.of_visits.iter().chain(&self.of_events).for_each(|test| test.must_hold(&mut codes));
        let at = |wanted: Place| -> RowTest {
            let there = codes.iter().filter(|(_, place, passes)| {
                // A visit without a page view has no row of entry or exit, and counts as one with the empty text.
                *place == wanted && (matches!(place, Place::Row | Place::First) || !passes[EMPTY as usize])
            });
            there.map(|(source, _, passes)| (sources[*source].column, passes.to_vec())).collect()
        };
        [Place::First, Place::Row, Place::Entry, Place::Exit]
            .map(at)
            .into_iter()
            .find(|test| !test.is_empty())
    }

    /// Applies the tests to a batch; `codes` are those of the plan's sources.
    pub(crate) fn apply(&self, batch: &Batch<'_>, codes: &[Vec<u32>]) -> Selected {
        let on = On { batch, codes, range: self.range };
        Selected {
            visits: self.of_visits.as_ref().map(|test| on.visits(test)),
            rows: self.of_events.as_ref().map(|test| on.rows(test)),
        }
    }
}

impl Test {
    fn new(
        filter: &Filter,
        dictionaries: &Dictionaries,
        source_id: &mut impl FnMut(Source) -> usize,
    ) -> Self {
        let mut inner = |filter: &Filter| Self::new(filter, dictionaries, source_id);
        match filter {
            Filter::And(filters) => Self::All(filters.iter().map(inner).collect()),
            Filter::Or(filters) => Self::Any(filters.iter().map(inner).collect()),
            Filter::Not(filter) => Self::Not(Box::new(inner(filter))),
            Filter::HasDone(filter) => Self::Done(Box::new(inner(filter))),
            Filter::Is(condition) => match Source::of(&condition.dimension) {
                Some(source) => Self::Code {
                    source: source_id(source),
                    place: source.place,
                    passes: judged(condition, source.column, dictionaries),
                },
                None => Self::All(Vec::new()),
            },
        }
    }
}

impl Test {
    /// Gathers the tests on codes without which this one cannot pass.
    fn must_hold<'t>(&'t self, codes: &mut Vec<(usize, Place, &'t [bool])>) {
        match self {
            Self::All(tests) => tests.iter().for_each(|test| test.must_hold(codes)),
            Self::Code { source, place, passes } => codes.push((*source, *place, passes)),
            Self::Any(_) | Self::Not(_) | Self::Done(_) => {}
        }
    }
}

/// A batch with the codes of the plan's sources.
struct On<'a> {
    batch: &'a Batch<'a>,
    codes: &'a [Vec<u32>],
    range: Range,
}

impl On<'_> {
    /// For each visit, whether it passes a test that does not speak of single events.
    fn visits(&self, test: &Test) -> Vec<bool> {
        let count = self.batch.visits.len();
        match test {
            Test::All(tests) => {
                fold(tests.iter().map(|test| self.visits(test)), vec![true; count], |a, b| a && b)
            }
            Test::Any(tests) => {
                fold(tests.iter().map(|test| self.visits(test)), vec![false; count], |a, b| a || b)
            }
            Test::Not(test) => self.visits(test).into_iter().map(|passed| !passed).collect(),
            Test::Done(test) => self.owners_of(&self.rows(test)),
            Test::Code { source, passes, .. } => {
                self.codes[*source].iter().map(|code| passes[*code as usize]).collect()
            }
        }
    }

    /// For each row, whether it passes; a test on the visit is the same for all of a visit's rows.
    fn rows(&self, test: &Test) -> Vec<bool> {
        let count = self.batch.times.len();
        match test {
            Test::All(tests) => {
                fold(tests.iter().map(|test| self.rows(test)), vec![true; count], |a, b| a && b)
            }
            Test::Any(tests) => {
                fold(tests.iter().map(|test| self.rows(test)), vec![false; count], |a, b| a || b)
            }
            Test::Not(test) => self.rows(test).into_iter().map(|passed| !passed).collect(),
            Test::Code { source, place: Place::Row, passes } => {
                self.codes[*source].iter().map(|code| passes[*code as usize]).collect()
            }
            Test::Done(_) | Test::Code { .. } => self.spread(&self.visits(test)),
        }
    }

    /// What is true of each visit, said of each of its rows.
    fn spread(&self, visits: &[bool]) -> Vec<bool> {
        let mut rows = vec![false; self.batch.times.len()];
        let spans = self.batch.visits.first.iter().zip(&self.batch.visits.end);
        for ((first, end), passed) in spans.zip(visits) {
            rows[*first as usize..*end as usize].fill(*passed);
        }
        rows
    }

    /// For each visit, whether one of its events in the range is among `rows`.
    fn owners_of(&self, rows: &[bool]) -> Vec<bool> {
        (0..self.batch.visits.len()).map(|visit| owns(self.batch, self.range, rows, visit)).collect()
    }
}

/// Whether one of the visit's events in the range is among `rows`.
fn owns(batch: &Batch<'_>, range: Range, rows: &[bool], visit: usize) -> bool {
    let (first, end) = (batch.visits.first[visit] as usize, batch.visits.end[visit] as usize);
    (first..end).any(|row| {
        rows[row] && batch.kinds[row] != Kind::Engagement && range.holds(Timestamp(batch.times[row]))
    })
}

fn fold(
    parts: impl Iterator<Item = Vec<bool>>,
    start: Vec<bool>,
    join: impl Fn(bool, bool) -> bool,
) -> Vec<bool> {
    parts.fold(start, |mut all, part| {
        all.iter_mut().zip(part).for_each(|(one, other)| *one = join(*one, other));
        all
    })
}
