//! What rests unsealed, because a Candor before the keeper wrote it, is sealed: a segment at a time, each published
//! in the place of the one it was, so that it can be interrupted anywhere.

use super::{Progress, Upkeep};
use crate::catalog::{Change, Segment};
use crate::journal::Seals;
use crate::segments::SegmentReader;
use crate::store::StoreError;

impl Upkeep {
    /// How many live segments rest unsealed.
    pub fn unsealed(&self) -> Result<usize, StoreError> {
        let mut count = 0;
        for segment in &self.snapshot()?.segments {
            self.step()?;
            count += usize::from(!self.sealing_old.is_sealed(segment)?);
        }
        Ok(count)
    }

    /// Seals one of them.
    pub fn seal_old(&self) -> Result<Progress, StoreError> {
        if matches!(self.seals, Seals::Open) {
            return Ok(Progress::Idle);
        }
        for segment in &self.snapshot()?.segments {
            self.step()?;
            if !self.sealing_old.is_sealed(segment)? {
                self.seal(segment)?;
                return Ok(Progress::Made);
            }
        }
        Ok(Progress::Idle)
    }

    fn seal(&self, segment: &Segment) -> Result<(), StoreError> {
        let source = self.sealing_old.source(segment)?;
        let bytes = source.read(0..source.length())?;
        // What is damaged must not become sealed damage that looks whole.
        SegmentReader::open(source, segment.bytes, segment.footer)?.check()?;
        let id = self.new_id();
        self.sealing_old.write_segment(segment.site, id, &bytes, &self.seals)?;
        self.step()?;
        let mut change = Change::new(self.now());
        change.add = vec![Segment { id, ..segment.clone() }];
        change.replace = vec![segment.id];
        self.catalog.publish(&change)?;
        self.step()
    }
}
