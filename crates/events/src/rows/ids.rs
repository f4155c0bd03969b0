//! The event ids of a run. Ids are of use for two days and a run may hold a month, so only rows that have one
//! are written down.

use std::ops::Range;

/// Ids by row, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ids {
    rows: Vec<u32>,
    ids: Vec<u128>,
}

impl Ids {
    /// From the id of every row in order, 0 for none.
    pub(crate) fn of_rows(ids: impl Iterator<Item = u128>) -> Self {
        (0..).zip(ids).filter(|(_, id)| *id != 0).collect()
    }

    /// The id of a row, 0 for none.
    pub(crate) fn of(&self, row: usize) -> u128 {
        if self.ids.is_empty() {
            return 0;
        }
        self.rows.binary_search(&(row as u32)).map_or(0, |at| self.ids[at])
    }

    /// Whether no row has one.
    pub(crate) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Whether one of `rows` has one.
    pub(crate) fn any_in(&self, rows: Range<usize>) -> bool {
        !self.ids.is_empty() && !self.places(rows).is_empty()
    }

    /// Those of `rows`, counted from the first of them.
    pub(crate) fn slice(&self, rows: Range<usize>) -> Self {
        let places = self.places(rows.clone());
        let first = rows.start as u32;
        Self {
            rows: self.rows[places.clone()].iter().map(|row| row - first).collect(),
            ids: self.ids[places].to_vec(),
        }
    }

    /// Every row that has one, with it.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, u128)> + '_ {
        self.rows.iter().copied().zip(self.ids.iter().copied())
    }

    /// Bytes they occupy, for the cache's budget.
    pub(crate) fn bytes(&self) -> usize {
        self.rows.len() * 4 + self.ids.len() * 16
    }

    fn places(&self, rows: Range<usize>) -> Range<usize> {
        let place = |row: usize| self.rows.partition_point(|known| (*known as usize) < row);
        place(rows.start)..place(rows.end)
    }
}

impl FromIterator<(u32, u128)> for Ids {
    /// From rows in ascending order, each with its id.
    fn from_iter<T: IntoIterator<Item = (u32, u128)>>(rows: T) -> Self {
        let (rows, ids) = rows.into_iter().unzip();
        Self { rows, ids }
    }
}
