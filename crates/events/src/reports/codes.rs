//! The codes of a batch, read once for all that look at them.

use super::labels::{Place, Source};
use crate::walk::{Batch, Located};

/// Codes of one batch after another, in arrays that are used again for each.
#[derive(Default)]
pub(super) struct BatchCodes {
    /// For each source the codes at its place: a row each, or a visit each.
    pub(super) of_sources: Vec<Vec<u32>>,
    located: [Located; 3],
}

impl BatchCodes {
    /// Reads what `sources` name of a batch.
    pub(super) fn read(&mut self, sources: &[Source], batch: &Batch<'_>) {
        let visits = &batch.visits;
        for (place, rows) in
            [(Place::First, &visits.first), (Place::Entry, &visits.entry), (Place::Exit, &visits.exit)]
        {
            if sources.iter().any(|source| source.place == place) {
                batch.locate(rows, &mut self.located[place as usize - 1]);
            }
        }
        self.of_sources.resize_with(sources.len(), Vec::new);
        for (Source { place, column }, codes) in sources.iter().zip(&mut self.of_sources) {
            match place {
                Place::Row => batch.gather(*column, codes),
                _ => batch.gather_at(*column, &self.located[*place as usize - 1], codes),
            }
        }
    }
}
