//! What many visitors were shown of a page is kept once, as a dictionary by which recordings of that page are compressed.
//!
//! It holds nothing that fewer than 20 visitors were shown, so that no recording depends on another visitor's, and
//! to erase one visitor breaks nobody else's.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::VisitorId;

use super::index::Index;
use super::ledger::{Change, Learned, Lesson};
use super::objects::read_all;
use super::{Progress, RecordingsError, Upkeep};

/// What fewer visitors were shown is in no dictionary.
const VISITORS_MIN: u32 = 20;
/// Visitors that are looked at for one.
const VISITORS_MAX: u32 = 40;
/// Bytes of a dictionary.
const BYTES_MAX: usize = 1 << 20;
/// Bytes of a snapshot that are looked at.
const SNAPSHOT_BYTES: usize = BYTES_MAX;
/// A smaller one is not worth its keep.
const BYTES_MIN: usize = 1_024;
/// After so long a page is looked at anew: pages change.
const ANEW_AFTER: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How a node begins in a snapshot, and what comes before its number.
const NODE: &[u8] = b"{\"type\":";
const NUMBER: &[u8] = b",\"id\":";

impl Upkeep {
    /// Makes a dictionary for a page that enough visitors were recorded on, if there is one without.
    ///
    /// # Errors
    /// [`RecordingsError`].
    pub fn learn(&self) -> Result<Progress, RecordingsError> {
        let (over, anew) = (self.over(), self.now() - ANEW_AFTER);
        let Some(lesson) = self.ledger.lesson(VISITORS_MIN, VISITORS_MAX, over, anew)? else {
            return Ok(Progress::Idle);
        };
        let mut snapshots = Vec::new();
        for (visitor, parts) in &lesson.recordings {
            self.step()?;
            let index = Index::of(&read_all(parts)?);
            let of_page = index.scenes.iter().find(|scene| {
                scene.snapshot
                    && index.pages.iter().any(|page| page.page == scene.page && page.path == lesson.path)
            });
            let Some(scene) = of_page else { continue };
            let mut first = Vec::new();
            // The snapshot is in the first stretch of a scene.
            let given = self.recordings.open_scene(lesson.site, parts, scene).and_then(|scene| {
                scene.give(&mut |events| {
                    first = events;
                    first.truncate(SNAPSHOT_BYTES);
                    false
                })
            });
            match given {
                Err(error) if error.is_of_one() => continue,
                given => given?,
            }
            snapshots.push((*visitor, first));
        }
        let dictionary = common(&snapshots);
        self.publish(lesson, dictionary)?;
        Ok(Progress::Made)
    }

    fn publish(&self, lesson: Lesson, dictionary: Vec<u8>) -> Result<(), RecordingsError> {
        let empty = dictionary.len() < BYTES_MIN;
        let object = self.recordings.put_dictionary(
            lesson.site,
            (!empty).then_some(dictionary),
            (&self.seals, &*self.rng),
        )?;
        let learned = Learned { site: lesson.site, path: lesson.path, object, at: self.now(), empty };
        Ok(self.ledger.publish(&Change { learned: Some(learned), ..Change::default() })?)
    }
}

/// What at least so many visitors were shown, in the order of the newest snapshot: whole nodes where their numbers are the
/// same for all, and nodes without them elsewhere.
fn common(snapshots: &[(VisitorId, Vec<u8>)]) -> Vec<u8> {
    let mut seen: BTreeMap<&[u8], BTreeSet<VisitorId>> = BTreeMap::new();
    for (visitor, events) in snapshots {
        for node in split(events, NODE) {
            seen.entry(node).or_default().insert(*visitor);
            seen.entry(bare(node)).or_default().insert(*visitor);
        }
    }
    let by_many =
        |piece: &[u8]| seen.get(piece).is_some_and(|visitors| visitors.len() >= VISITORS_MIN as usize);
    let (mut dictionary, mut taken) = (Vec::new(), BTreeSet::new());
    for (_, events) in snapshots {
        for node in split(events, NODE) {
            let piece = if by_many(node) { node } else { bare(node) };
            let fits = dictionary.len() + piece.len() <= BYTES_MAX;
            if by_many(piece) && fits && taken.insert(piece) {
                dictionary.extend_from_slice(piece);
            }
        }
    }
    dictionary
}

/// A node up to its number.
fn bare(node: &[u8]) -> &[u8] {
    find(node, NUMBER).map_or(node, |at| &node[..at])
}

/// Pieces, each of which begins with `mark` but for the first.
fn split<'a>(mut bytes: &'a [u8], mark: &'static [u8]) -> impl Iterator<Item = &'a [u8]> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let end = find(&bytes[1..], mark).map_or(bytes.len(), |at| at + 1);
        let (piece, rest) = bytes.split_at(end);
        bytes = rest;
        Some(piece)
    })
}

fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark)
}
