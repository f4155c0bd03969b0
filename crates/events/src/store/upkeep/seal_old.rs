//! What rests unsealed, because a Candor before the keeper wrote it, is sealed: a segment at a time, each published
//! in the place of the one it was, so that it can be interrupted anywhere.

use sealing::Seals;

use super::Upkeep;
use crate::catalog::{Change, Segment};
use crate::segments::{SegmentError, SegmentReader};
use crate::store::StoreError;

impl Upkeep {
    /// Seals every live segment that rests unsealed, and tells after each how many of how many are sealed. One that
    /// cannot be sealed holds up no other.
    ///
    /// # Errors
    /// The first thing that was in the way.
    pub fn seal_old(&self, mut tell: impl FnMut(usize, usize)) -> Result<(), StoreError> {
        if matches!(self.seals, Seals::Unsealed) {
            return Ok(());
        }
        let (mut unsealed, mut sealed, mut in_the_way) = (Vec::new(), 0, None);
        for segment in self.snapshot()?.segments {
            self.step()?;
            match self.sealing_old.sealed_to(&segment) {
                Ok(None) => unsealed.push(segment),
                Ok(Some(_)) => {}
                Err(error) => in_the_way = in_the_way.or(Some(error.into())),
            }
        }
        for segment in &unsealed {
            match self.seal(segment) {
                Ok(()) => {
                    sealed += 1;
                    tell(sealed, unsealed.len());
                }
                Err(StoreError::Stopped) => return Err(StoreError::Stopped),
                Err(error) => in_the_way = in_the_way.or(Some(error)),
            }
        }
        in_the_way.map_or(Ok(()), Err)
    }

    fn seal(&self, segment: &Segment) -> Result<(), StoreError> {
        self.step()?;
        let mut bytes = Vec::new();
        for object in self.sealing_old.open_segments(&[segment])? {
            bytes = object.read(0..object.length()).map_err(SegmentError::from)?;
            // What is damaged must not become sealed damage that looks whole.
            SegmentReader::open(object, segment.bytes, segment.footer)?.check()?;
        }
        let id = self.new_id();
        self.sealing_old.write_segment(segment.site, id, bytes, &self.seals)?;
        self.step()?;
        let mut change = Change::new(self.now());
        change.add = vec![Segment { id, ..segment.clone() }];
        change.replace = vec![segment.id];
        self.catalog.publish(&change)?;
        self.step()
    }
}
