//! Cuts a sorted run into stays: stretches of one visitor's rows whose attributes are written once.

use domain::limits::VISIT_GAP;

use super::layout::is_attribute;
use crate::rows::{Codes, Run, Spine};

/// Where stays begin. They are a matter of storage alone: reports cut visits themselves.
pub(super) struct Stays {
    /// The first row of each stay; one more entry than stays, the last being the number of rows.
    pub(super) starts: Vec<u32>,
    /// The first stay of each visitor; one more entry than visitors, the last being the number of stays.
    pub(super) of_visitor: Vec<u32>,
}

impl Stays {
    pub(super) fn cut(run: &Run) -> Self {
        let mut begins = begins_of_time(&run.spine);
        for (column, codes) in &run.columns {
            if is_attribute(*column) {
                mark_changes(codes, &mut begins);
            }
        }
        let mut starts = Vec::new();
        let mut of_visitor = Vec::with_capacity(run.spine.starts.len());
        for rows in run.spine.starts.windows(2) {
            of_visitor.push(starts.len() as u32);
            starts.push(rows[0]);
            starts.extend((rows[0] + 1..rows[1]).filter(|row| begins[*row as usize]));
        }
        of_visitor.push(starts.len() as u32);
        starts.push(run.spine.rows() as u32);
        Self { starts, of_visitor }
    }

    pub(super) fn count(&self) -> usize {
        self.starts.len() - 1
    }
}

/// For each row, whether it lies 30 minutes or more after the row above; visitors are not looked at.
fn begins_of_time(spine: &Spine) -> Vec<bool> {
    let gap = VISIT_GAP.as_millis() as u32;
    let mut begins = vec![false; spine.rows()];
    for (begin, times) in begins.iter_mut().skip(1).zip(spine.times.windows(2)) {
        *begin = times[1].saturating_sub(times[0]) >= gap;
    }
    begins
}

fn mark_changes(codes: &Codes, begins: &mut [bool]) {
    fn mark<T: PartialEq>(codes: &[T], begins: &mut [bool]) {
        for (begin, pair) in begins.iter_mut().skip(1).zip(codes.windows(2)) {
            *begin |= pair[0] != pair[1];
        }
    }
    match codes {
        Codes::Constant(_) => {}
        Codes::U8(codes) => mark(codes, begins),
        Codes::U16(codes) => mark(codes, begins),
        Codes::U32(codes) => mark(codes, begins),
    }
}
