//! How what is kept rests: sealed to which version of its site's pair, or not sealed. Nothing is opened for it.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;

use super::{Store, StoreError};
use crate::journal::{Found, Frames, JournalFolder, read_header};

/// Counts by the version of the pair that is sealed to; `None` is what is not sealed.
pub type ByVersion = BTreeMap<Option<u32>, usize>;

/// How everything rests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resting {
    /// Live segments.
    pub segments: ByVersion,
    /// The parts of journal files, one a site and file.
    pub journal: ByVersion,
}

impl Store {
    /// How everything rests now. A damaged journal file counts as far as it can be read.
    ///
    /// # Errors
    /// [`StoreError`] where a file cannot be read.
    pub fn resting(&self) -> Result<Resting, StoreError> {
        let mut resting = Resting::default();
        for segment in &self.shared.catalog.snapshot()?.segments {
            *resting.segments.entry(self.disk.sealed_to(segment)?).or_default() += 1;
        }
        for number in self.disk.journal.numbers()? {
            for version in beginnings(&self.disk.journal, number)? {
                *resting.journal.entry(version).or_default() += 1;
            }
        }
        Ok(resting)
    }
}

/// To which version each site's part of a journal file is sealed.
fn beginnings(folder: &JournalFolder, number: u64) -> Result<Vec<Option<u32>>, StoreError> {
    let bytes = match fs::read(folder.path(number)) {
        Ok(bytes) => bytes,
        // Absorbed meanwhile.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let Ok((position, payloads)) = read_header(&bytes, number) else { return Ok(Vec::new()) };
    let mut found = BTreeMap::new();
    for frame in Frames::new(&bytes[position.offset as usize..], position) {
        if let Found::Frame(site, payload) = frame
            && let Some(version) = payloads.sealed_to(payload)
        {
            found.entry(site).or_insert(version);
        }
    }
    Ok(found.into_values().collect())
}
